using Atl.Layers;
using Atl.Native;
using Atl.Operators;

namespace Atl.Benchmarks;

/// <summary>
/// The time below which a net cannot come as long as oneDNN computes its convolutions: each of them bare, in its best
/// layout and by its best algorithm, with nothing between them. Beside it, the same by what Atl chooses.
/// </summary>
internal sealed class ConvolutionFloor : IDisposable
{
    private readonly List<Task> _tasks = [];

    /// <summary>The convolutions of a net.</summary>
    /// <param name="net">The net.</param>
    /// <param name="training">Whether backward counts; the first convolution has no gradient with respect to its
    /// input.</param>
    public ConvolutionFloor(Net net, bool training)
    {
        Dictionary<(ConvolutionGeometry, ConvolutionPass), Task> known = [];
        for (int i = 0; i < net.Layers.Count; i++)
        {
            if (net.Layers[i] is not ConvolutionLayer { Geometry: { } geometry } layer) continue;
            bool bias = layer.Blobs.Count > 1;
            Add(ConvolutionPass.Forward);
            if (!training) continue;
            Add(ConvolutionPass.BackwardWeights);
            if (net.BottomNeedsBackward(i, 0)) Add(ConvolutionPass.BackwardData);

            void Add(ConvolutionPass pass)
            {
                if (!known.TryGetValue((geometry, pass), out Task? task))
                {
                    task = new Task(new ConvolutionCandidates(geometry, bias, training, pass));
                    known.Add((geometry, pass), task);
                    _tasks.Add(task);
                }
                task.Count++;
            }
        }
    }

    /// <summary>The least time of one round in milliseconds, each pass by the algorithm of oneDNN that was fastest in
    /// all rounds.</summary>
    public double Milliseconds => _tasks.Sum(task => task.Count * task.Candidates.OneDnn);

    /// <summary>The same by direct algorithms alone.</summary>
    public double DirectMilliseconds => _tasks.Sum(task => task.Count * task.Candidates.Direct);

    /// <summary>The same by what Atl chooses.</summary>
    public double OurMilliseconds => _tasks.Sum(task => task.Count * task.Candidates.Ours);

    /// <summary>Runs every pass by every algorithm as often as the net has it.</summary>
    public void Round() => _tasks.ForEach(task => task.Candidates.Round(task.Count));

    /// <summary>One line for each pass of each shape: how often, and what each algorithm takes.</summary>
    public void Print(TextWriter output) =>
        _tasks.ForEach(task => output.WriteLine($"  {task.Count,2} x {task.Candidates}"));

    /// <inheritdoc/>
    public void Dispose() => _tasks.ForEach(task => task.Candidates.Dispose());

    private sealed class Task(ConvolutionCandidates candidates)
    {
        public ConvolutionCandidates Candidates { get; } = candidates;

        public int Count { get; set; }
    }
}
