using Atl.Proto;

namespace Atl.Face.Detection;

/// <summary>
/// The nets of a face detector and how they search. Detectors (<see cref="CreateDetector"/>) share its weights, and
/// each serves one thread.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class FaceDetectorModel : IDisposable
{
    private const string NetEnding = ".prototxt", WeightsEnding = ".caffemodel";

    private readonly IReadOnlyList<Model> _nets;
    private readonly Func<IReadOnlyList<Model>, IFaceDetector> _make;

    /// <summary>MTCNN of P-Net, R-Net and O-Net, which it disposes of.</summary>
    public FaceDetectorModel(IReadOnlyList<Model> nets, MtcnnOptions options)
        : this(nets, models => new MtcnnDetector(models, options))
    {
    }

    /// <summary>RSA of the feature net, the map between octaves and the region head, which it disposes of.</summary>
    public FaceDetectorModel(IReadOnlyList<Model> nets, RsaOptions options)
        : this(nets, models => new RsaDetector(models, options))
    {
    }

    private FaceDetectorModel(IReadOnlyList<Model> nets, Func<IReadOnlyList<Model>, IFaceDetector> make) =>
        (_nets, _make) = (nets, make);

    /// <summary>The names of the files of MTCNN's nets, without .prototxt and .caffemodel: P-, R- and O-Net.</summary>
    public static IReadOnlyList<string> MtcnnNames { get; } = ["det1", "det2", "det3"];

    /// <summary>
    /// The names of the files of RSA's nets: the feature net, the map between octaves, the region head.
    /// </summary>
    public static IReadOnlyList<string> RsaNames { get; } = ["res_pool2", "fm2fm_pool2_deep", "ResNet_3b_s16_f2r"];

    /// <summary>Loads the detector whose files a folder holds.</summary>
    /// <param name="folder">A folder with the .prototxt and .caffemodel of <see cref="MtcnnNames"/>, or else of
    /// <see cref="RsaNames"/>.</param>
    /// <param name="mtcnn">How MTCNN searches; null for the defaults.</param>
    /// <param name="rsa">How RSA searches; null for the defaults.</param>
    /// <param name="model">How the nets are loaded; null for the defaults.</param>
    /// <returns>Null where the folder has the first net of neither.</returns>
    /// <exception cref="AtlException">A file is missing or damaged, or a layer finds no weights.</exception>
    public static FaceDetectorModel? TryLoad(string folder, MtcnnOptions? mtcnn = null, RsaOptions? rsa = null,
        ModelOptions? model = null)
    {
        return Has(MtcnnNames) ? new(Load(Files(MtcnnNames), model), mtcnn ?? new MtcnnOptions())
            : Has(RsaNames) ? new(Load(Files(RsaNames), model), rsa ?? new RsaOptions())
            : null;

        bool Has(IReadOnlyList<string> names) => File.Exists(Path.Combine(folder, names[0] + NetEnding));

        IEnumerable<(string, string)> Files(IReadOnlyList<string> names) => names.Select(name =>
            (Path.Combine(folder, name + NetEnding), Path.Combine(folder, name + WeightsEnding)));
    }

    /// <summary>Loads the three nets of a detector; of one that fails, the others are freed.</summary>
    /// <param name="files">Each net's prototxt and weights.</param>
    /// <param name="options">How they are loaded; null for the defaults.</param>
    /// <exception cref="AtlException">A file is missing or damaged, or a layer finds no weights.</exception>
    public static IReadOnlyList<Model> Load(IEnumerable<(string Prototxt, string Weights)> files,
        ModelOptions? options = null)
    {
        List<Model> nets = [];
        try
        {
            foreach ((string prototxt, string weights) in files) nets.Add(Model.Load(prototxt, weights, options));
            return nets;
        }
        catch
        {
            nets.ForEach(net => net.Dispose());
            throw;
        }
    }

    /// <summary>A detector for one thread at a time.</summary>
    /// <exception cref="AtlException">A net has other inputs or outputs, or an option makes no sense.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IFaceDetector CreateDetector() => _make(_nets);

    /// <summary>Creates no more detectors. The weights are freed once the last detector is disposed.</summary>
    public void Dispose()
    {
        foreach (Model net in _nets) net.Dispose();
    }
}
