using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using PureHDF;

namespace Atl.Proto;

/// <summary>
/// Snapshots as HDF5 files, laid out as Caffe does: weights as <c>data/LAYER/INDEX</c> (gradients as
/// <c>diff/LAYER/INDEX</c>), a solver state as <c>iter</c>, <c>learned_net</c>, <c>current_step</c> and
/// <c>history/INDEX</c>. What Caffe's layout cannot say lies in <c>atl/layers</c> (the layers' names as written, and
/// which parameters they share) and <c>atl/state</c>, which Caffe does not read.
/// </summary>
internal static class Hdf5Snapshots
{
    // More than any layer has; a damaged name must not take all memory.
    private const int MostParameters = 1000;

    // Layers' names have a few slashes; a group that holds itself nests without end.
    private const int MostNested = 64;

    private const string Layers = "atl/layers";

    /// <summary>Whether a file is there and is HDF5, identified by its first bytes.</summary>
    public static bool IsHdf5(string path) =>
        FileHead.TryRead(path, Hdf5Signature.Bytes.Length).AsSpan().SequenceEqual(Hdf5Signature.Bytes);

    /// <summary>Whether an HDF5 file holds a solver state rather than weights.</summary>
    /// <exception cref="AtlException">The file is damaged.</exception>
    public static bool IsSolverState(string path) => Read(path, file => file.LinkExists("history"));

    /// <summary>
    /// Reads weights: layers with names and parameters. Where Caffe wrote the file, a parameter that it leaves out (a
    /// shared one) is an empty blob.
    /// </summary>
    /// <exception cref="AtlException">The file is damaged, or is no weights.</exception>
    public static NetParameter ReadWeights(string path) => Read(path, file =>
    {
        if (!file.LinkExists("data"))
            throw new AtlException($"{path}: an HDF5 file without a group 'data'{Advice(file)}, expected weights "
                + "(caffemodel.h5)");
        if (file.Get("data") is not IH5Group)
            throw new AtlException($"{path}: an HDF5 file whose 'data' is an array, as the HDF5Data layer reads "
                + "them, expected weights (caffemodel.h5)");
        NetParameter net = new();
        AddLayers(net, path, file.Group("data"), "");
        NetParameter gradients = new();
        if (file.LinkExists("diff")) AddLayers(gradients, path, file.Group("diff"), "");
        if (file.LinkExists(Layers))
            net = Named(NetParameter.Parser.ParseFrom(file.Dataset(Layers).Read<byte[]>()), net);
        AddGradients(net, gradients);
        return net;
    });

    /// <summary>
    /// Writes weights; a parameter that is shared is written for its owner, the first layer that names it, and its
    /// gradients for each layer, as in Caffe.
    /// </summary>
    /// <exception cref="AtlException">Two layers' names collide in HDF5, or the file cannot be
    /// written.</exception>
    public static void WriteWeights(string path, NetParameter net)
    {
        bool withDiff = net.Layer.Any(layer => layer.Blobs.Any(StoredBlobs.HasGradient));
        Hdf5LayerNames.Check(net.Layer.Select(layer => (layer, layer.Blobs.Count)), withDiff);
        H5Group data = [], diff = [];
        NetParameter named = new() { Name = net.Name };
        Hdf5Parts parts = new();
        HashSet<string> shared = new(StringComparer.Ordinal);
        // Layers without parameters last: their groups, which nothing reads, give way to parameters of the same path.
        foreach (LayerParameter layer in net.Layer.OrderBy(layer => layer.Blobs.Count == 0))
        {
            if (Nested(data, layer.Name) is not { } layerData || Nested(diff, layer.Name) is not { } layerDiff)
                continue;
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                BlobProto blob = layer.Blobs[i];
                bool owned = Hdf5LayerNames.IsOwned(layer, i, shared);
                if (owned && (blob.Data.Count > 0 || blob.DoubleData.Count > 0))
                    layerData[Number(i)] = Values(parts, blob, blob.Data, blob.DoubleData);
                if (StoredBlobs.HasGradient(blob))
                    layerDiff[Number(i)] = Values(parts, blob, blob.Diff, blob.DoubleDiff);
            }
        }
        foreach (LayerParameter layer in net.Layer) named.Layer.Add(WithoutValues(layer));
        H5File file = new() { ["data"] = data, ["atl"] = new H5Group { ["layers"] = named.ToByteArray() } };
        if (withDiff) file["diff"] = diff;
        Hdf5Writer.Write(path, file, parts.Write);
    }

    /// <summary>Reads a solver state.</summary>
    /// <exception cref="AtlException">The file is damaged, or is no solver state.</exception>
    public static SolverState ReadSolverState(string path) => Read(path, file =>
    {
        if (!file.LinkExists("iter") || !file.LinkExists("history"))
            throw new AtlException($"{path}: an HDF5 file without 'iter' and 'history'{Advice(file)}, expected a "
                + "solver state (solverstate.h5)");
        SolverState state = file.LinkExists("atl/state")
            ? SolverState.Parser.ParseFrom(file.Dataset("atl/state").Read<byte[]>()) : new SolverState();
        state.Iter = Hdf5Numbers.Read<int>(path, file.Dataset("iter"))[0];
        if (file.LinkExists("current_step"))
            state.CurrentStep = Hdf5Numbers.Read<int>(path, file.Dataset("current_step"))[0];
        if (file.LinkExists("learned_net")) state.LearnedNet = file.Dataset("learned_net").Read<string>().TrimEnd('\0');
        IH5Group history = file.Group("history");
        for (int i = 0; history.LinkExists(Number(i)); i++) state.History.Add(Blob(path, history.Dataset(Number(i))));
        return state;
    });

    /// <summary>Writes a solver state.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void WriteSolverState(string path, SolverState state)
    {
        H5Group history = [];
        Hdf5Parts parts = new();
        for (int i = 0; i < state.History.Count; i++)
            history[Number(i)] = Values(parts, state.History[i], state.History[i].Data, state.History[i].DoubleData);
        SolverState own = new() { LayerState = { state.LayerState }, TestNetState = { state.TestNetState } };
        if (state.HasRandomSeed) own.RandomSeed = state.RandomSeed;
        if (state.HasLearnedNetChecksum) own.LearnedNetChecksum = state.LearnedNetChecksum;
        if (state.HasHistoryChecksum) own.HistoryChecksum = state.HistoryChecksum;
        H5File file = new()
        {
            ["iter"] = new[] { state.Iter },
            // Caffe reads a text of fixed length with a zero at its end.
            ["learned_net"] = new H5Dataset(state.LearnedNet + "\0"),
            ["current_step"] = new[] { state.CurrentStep },
            ["history"] = history,
        };
        if (own.CalculateSize() > 0) file["atl"] = new H5Group { ["state"] = own.ToByteArray() };
        Hdf5Writer.Write(path, file, parts.Write,
            new H5WriteOptions(DefaultStringLength: System.Text.Encoding.UTF8.GetByteCount(state.LearnedNet) + 1));
    }

    private static T Read<T>(string path, Func<IH5Group, T> read)
    {
        using PureHDF.VOL.Native.NativeFile file = Hdf5Input.Open(path);
        return Hdf5Input.Guarded(path, () => read(file));
    }

    // A layer's name may hold slashes ('inception_3a/1x1'): its group then lies in others.
    private static void AddLayers(NetParameter net, string path, IH5Group group, string name, int depth = 0)
    {
        if (depth > MostNested) throw new AtlException(
            $"{path}: groups nested more than {MostNested} deep, expected layers' names (damaged)");
        LayerParameter layer = new() { Name = name };
        foreach (IH5Object child in group.Children())
        {
            if (child is IH5Group inner) AddLayers(net, path, inner, name.Length == 0 ? child.Name
                : $"{name}/{child.Name}", depth + 1);
            if (child is not IH5Dataset dataset) continue;
            if (!int.TryParse(child.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                || index >= MostParameters)
                throw new AtlException($"{path}: a parameter named '{child.Name}' of layer '{name}', expected its "
                    + "number (0, 1, ...)");
            while (layer.Blobs.Count <= index) layer.Blobs.Add(new BlobProto());
            layer.Blobs[index] = Blob(path, dataset);
        }
        if (name.Length > 0 || layer.Blobs.Count > 0) net.Layer.Add(layer);
    }

    // Null where a parameter has the path of a group on the way.
    private static H5Group? Nested(H5Group root, string name)
    {
        H5Group group = root;
        foreach (string part in Hdf5LayerNames.PathOf(name).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!group.TryGetValue(part, out object? inner)) group[part] = inner = new H5Group();
            if (inner is not H5Group next) return null;
            group = next;
        }
        return group;
    }

    private static LayerParameter WithoutValues(LayerParameter layer)
    {
        LayerParameter named = new() { Name = layer.Name };
        foreach (BlobProto blob in layer.Blobs)
            named.Blobs.Add(new BlobProto { Shape = new BlobShape { Dim = { StoredBlobs.Extents(blob) } } });
        if (layer.Param.Any(param => param.Name.Length > 0))
            named.Param.Add(layer.Param.Select(param => new ParamSpec { Name = param.Name }));
        return named;
    }

    // The layers of the file, which are named by their paths, under their own names and with the parameters that they
    // share.
    private static NetParameter Named(NetParameter named, NetParameter byPath)
    {
        Dictionary<string, LayerParameter> stored = byPath.Layer.ToDictionary(layer => layer.Name);
        Dictionary<string, BlobProto> shared = new(StringComparer.Ordinal);
        foreach (LayerParameter layer in named.Layer)
        {
            stored.TryGetValue(Hdf5LayerNames.PathOf(layer.Name), out LayerParameter? values);
            // A parameter that another tool has added.
            while (layer.Blobs.Count > 0 && layer.Blobs.Count < values?.Blobs.Count) layer.Blobs.Add(new BlobProto());
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                string name = i < layer.Param.Count ? layer.Param[i].Name : "";
                if (name.Length > 0 && shared.TryGetValue(name, out BlobProto? owner))
                {
                    if (!StoredBlobs.IsAbsent(owner))
                        owner = new BlobProto
                        {
                            Shape = layer.Blobs[i].Shape,
                            Data = { owner.Data },
                            DoubleData = { owner.DoubleData }
                        };
                }
                else
                {
                    owner = values?.Blobs.ElementAtOrDefault(i) ?? new BlobProto();
                    if (name.Length > 0) shared.Add(name, owner);
                }
                layer.Blobs[i] = owner;
            }
        }
        // A layer that another tool has added has its path for a name.
        HashSet<string> known = [.. named.Layer.Where(layer => layer.Blobs.Count > 0)
            .Select(layer => Hdf5LayerNames.PathOf(layer.Name))];
        named.Layer.Add(byPath.Layer.Where(layer => layer.Blobs.Count > 0 && !known.Contains(layer.Name)));
        return named;
    }

    private static void AddGradients(NetParameter net, NetParameter byPath)
    {
        Dictionary<string, LayerParameter> gradients = byPath.Layer.ToDictionary(layer => layer.Name);
        foreach (LayerParameter layer in net.Layer)
        {
            if (!gradients.TryGetValue(Hdf5LayerNames.PathOf(layer.Name), out LayerParameter? gradient)) continue;
            // A parameter that the file leaves out has no place for its gradient.
            for (int i = 0; i < Math.Min(layer.Blobs.Count, gradient.Blobs.Count); i++)
            {
                if (StoredBlobs.IsAbsent(layer.Blobs[i])) continue;
                layer.Blobs[i].Diff.Add(gradient.Blobs[i].Data);
                layer.Blobs[i].DoubleDiff.Add(gradient.Blobs[i].DoubleData);
            }
        }
    }

    private static H5Dataset Values(Hdf5Parts parts, BlobProto blob, RepeatedField<float> floats,
        RepeatedField<double> doubles)
    {
        ulong[] dims = [.. StoredBlobs.Extents(blob).Select(extent => (ulong)extent)];
        return doubles.Count > 0 ? new H5Dataset((double[])[.. doubles], fileDims: dims) : parts.Add(floats, dims);
    }

    private static BlobProto Blob(string path, IH5Dataset dataset)
    {
        BlobProto blob = new() { Shape = new BlobShape() };
        foreach (ulong dim in dataset.Space.Dimensions) blob.Shape.Dim.Add((long)dim);
        if (dataset.Type.Class == H5DataTypeClass.FloatingPoint && dataset.Type.Size == sizeof(double))
            blob.DoubleData.Add(Hdf5Numbers.Read<double>(path, dataset));
        else blob.Data.Add(Hdf5Numbers.ReadFloats(path, dataset));
        return blob;
    }

    private static string Advice(IH5Group file) => file.LinkExists("history")
        ? " (it is a solver state, which is given as -snapshot)"
        : file.LinkExists("data") ? " (it is weights, which are given as -weights)" : "";

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}
