using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Layers;
using Atl.Native;
using Atl.Nets;
using Atl.Operators;

namespace Atl.Benchmarks;

/// <summary>
/// The time below which a net cannot come as long as oneDNN computes its convolutions: each of them bare, in its best layout and by its best
/// algorithm, with nothing between them.
/// </summary>
internal sealed class ConvolutionFloor : IDisposable
{
    private readonly List<Task> _tasks = [];

    /// <summary>The convolutions of a net.</summary>
    /// <param name="net">The net.</param>
    /// <param name="training">Whether backward counts; the first convolution has no gradient with respect to its input.</param>
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
                    task = new Task(geometry, bias, training, pass);
                    known.Add((geometry, pass), task);
                    _tasks.Add(task);
                }
                task.Count++;
            }
        }
    }

    /// <summary>The least time of one round in milliseconds, each pass by the algorithm that was fastest in all rounds.</summary>
    public double Milliseconds => _tasks.Sum(task => task.Count * task.Candidates.Min(candidate => candidate.Best));

    /// <summary>The same by direct algorithms alone.</summary>
    public double DirectMilliseconds => _tasks.Sum(task => task.Count * task.Candidates[0].Best);

    /// <summary>Runs every pass by every algorithm as often as the net has it.</summary>
    public void Round()
    {
        foreach (Task task in _tasks)
            foreach (Candidate candidate in task.Candidates)
                candidate.Best = Math.Min(candidate.Best, candidate.Convolution.Time(task.Pass, task.Count).TotalMilliseconds);
    }

    /// <summary>One line for each pass of each shape: how often, and what each algorithm takes.</summary>
    public void Print(TextWriter output)
    {
        foreach (Task task in _tasks)
        {
            ConvolutionGeometry g = task.Geometry;
            string times = string.Join(", ", task.Candidates.Select(candidate => $"{candidate.Convolution.Algorithm(task.Pass)} {candidate.Best:F2} ms"));
            output.WriteLine($"  {task.Count,2} x {g.InputChannels} -> {g.OutputChannels}, {string.Join('x', g.Input)}, stride {g.Stride[0]}, {task.Pass}: {times}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tasks.ForEach(task => task.Dispose());

    private sealed class Candidate(NativeConvolution convolution)
    {
        public NativeConvolution Convolution { get; } = convolution;

        public double Best { get; set; } = double.PositiveInfinity;
    }

    private sealed class Task : IDisposable
    {
        public Task(ConvolutionGeometry geometry, bool bias, bool training, ConvolutionPass pass)
        {
            (Geometry, Pass) = (geometry, pass);
            foreach (ConvolutionAlgorithm algorithm in (ConvolutionAlgorithm[])[ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Winograd])
            {
                NativeConvolution made = new((CpuDevice)Device.Cpu, geometry, bias, training, algorithm);
                if (algorithm == ConvolutionAlgorithm.Direct || made.Algorithm(pass) != Candidates[0].Convolution.Algorithm(pass))
                    Candidates.Add(new Candidate(made));
                else
                    made.Dispose();
            }
        }

        public ConvolutionGeometry Geometry { get; }

        public ConvolutionPass Pass { get; }

        public int Count { get; set; }

        public List<Candidate> Candidates { get; } = [];

        public void Dispose() => Candidates.ForEach(candidate => candidate.Convolution.Dispose());
    }
}
