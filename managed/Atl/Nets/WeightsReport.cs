using Atl.Layers;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// The match between weights and a net by the names of layers: the layers that find no weights in any file, and the
/// layers of the files that the net lacks. A parameter shared with one that was found counts as found.
/// </summary>
internal sealed class WeightsReport
{
    private const int MostNames = 10;

    private readonly Net _net;
    private readonly HashSet<SyncedMemory> _found = [];
    private readonly List<string> _files = [];
    private readonly List<(string File, IReadOnlyList<string> Layers)> _strangers = [];
    private readonly List<string> _ignored = [];

    private WeightsReport(Net net) => _net = net;

    /// <summary>The names of the files of weights, in order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>The layers with parameters that keep their fillers' values, in the net's order.</summary>
    public IReadOnlyList<MissingWeights> Missing
    {
        get
        {
            List<MissingWeights> missing = [];
            foreach (Layer layer in _net.Layers)
            {
                int[] parameters = [.. Enumerable.Range(0, layer.Blobs.Count).Where(i => IsMissing(layer.Blobs[i]))];
                if (parameters.Length > 0)
                    missing.Add(new MissingWeights(layer, parameters, NearestName.Find(layer.Name, _ignored)));
            }
            return missing;
        }
    }

    /// <summary>The layers with weights that the net has no layer of the name for, in the files' order.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>
    /// The message for the user, in one line: layers without weights, and files of which the net has no layer at all.
    /// Null if there is nothing to report.
    /// </summary>
    public string? Message
    {
        get
        {
            IReadOnlyList<MissingWeights> missing = Missing;
            List<string> parts = [];
            foreach ((string file, IReadOnlyList<string> layers) in _strangers)
                parts.Add(layers.Count == 0
                    ? $"{file}: no layer with weights in it"
                    : $"{file}: the net has none of its {Amount.Of(layers.Count, "layer")} with weights: "
                        + $"{Names(layers.Select(Quoted))}");
            if (missing.Count > 0)
            {
                int all = _net.Layers.Count(layer => layer.Blobs.Count > 0);
                parts.Add((_files.Count == 0 ? "no weights are given for "
                        : $"{string.Join(", ", _files)}: the weights have none for ")
                    + $"{Names(missing.Select(layer => $"layer {layer}"))} "
                    + $"({missing.Count} of the net's {Amount.Of(all, "layer")} with parameters), left at the fillers' values");
                if (_ignored.Count > 0 && _strangers.Count == 0)
                    parts.Add($"the net lacks the weights' layers {Names(_ignored.Select(Quoted))}");
            }
            return parts.Count == 0 ? null : string.Join("; ", parts);
        }
    }

    /// <summary>Copies weights into a net, later files over earlier ones, and reports.</summary>
    /// <exception cref="AtlException">
    /// A file cannot be read, or a layer's parameters differ in number or shape.
    /// </exception>
    public static WeightsReport Load(Net net, IEnumerable<WeightsFile> files) =>
        Compare(net, files, file => net.CopyTrainedLayersFrom(file.Content, file.Name));

    /// <summary>Compares weights with a net, which may be made for its shapes only; copies nothing.</summary>
    /// <exception cref="AtlException">A file cannot be read.</exception>
    public static WeightsReport Of(Net net, IEnumerable<WeightsFile> files) => Compare(net, files, _ => { });

    /// <summary>
    /// Logs <see cref="Message"/> as a warning, if there is one: Caffe's own commands go on with fillers' values.
    /// </summary>
    public void Warn()
    {
        if (Message is { } message) _net.Logger.Warning("weights_report.cpp", $"{message}");
    }

    /// <summary>
    /// Ends with an error where a layer found no weights, unless that is allowed; everything else is logged as a
    /// warning.
    /// </summary>
    /// <exception cref="NetException">
    /// A layer found no weights, and <paramref name="allowMissing"/> is false.
    /// </exception>
    public void Require(bool allowMissing)
    {
        if (!allowMissing && Missing.Count > 0)
            throw new NetException(
                $"{Message}; give the weights of this net, or allow missing ones to continue without "
                + "(-allow_missing_weights; in a program AllowMissingWeights)");
        Warn();
    }

    private static WeightsReport Compare(Net net, IEnumerable<WeightsFile> files, Action<WeightsFile> visit)
    {
        WeightsReport report = new(net);
        foreach (WeightsFile file in files)
        {
            visit(file);
            report.Add(file);
        }
        return report;
    }

    // Of a file that may hold gigabytes, names and numbers are kept alone.
    private void Add(WeightsFile file)
    {
        _files.Add(file.Name);
        List<string> ignored = [];
        bool matched = false;
        foreach (LayerParameter stored in file.Content.Layer.Where(layer => layer.Blobs.Count > 0))
        {
            Layer? layer = _net.FindLayer(stored.Name);
            matched |= layer is not null;
            if (layer is null) ignored.Add(stored.Name);
            else
                for (int i = 0; i < Math.Min(stored.Blobs.Count, layer.Blobs.Count); i++)
                    if (!StoredBlobs.IsAbsent(stored.Blobs[i]))
                        _found.Add(layer.Blobs[i].Data.Memory);
        }
        foreach ((_, SharedParameter owner, _) in new StoredLayers(file.Content, file.Name).TakenByParamName(_net))
            _found.Add(owner.Blob.Data.Memory);
        _ignored.AddRange(ignored);
        if (!matched) _strangers.Add((file.Name, ignored));
    }

    private bool IsMissing(Blob parameter) => parameter.Count > 0 && !_found.Contains(parameter.Data.Memory);

    private static string Quoted(string name) => $"'{name}'";

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string listed = string.Join(", ", all.Take(MostNames));
        return all.Length > MostNames ? $"{listed} and {all.Length - MostNames} more" : listed;
    }
}
