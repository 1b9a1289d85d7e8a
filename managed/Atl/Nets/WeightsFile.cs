using Atl.Proto;

namespace Atl.Nets;

/// <summary>Trained weights, and where they came from.</summary>
/// <param name="Name">What messages call them, such as the file's path.</param>
/// <param name="Content">The layers with their parameters.</param>
public sealed record WeightsFile(string Name, NetParameter Content)
{
    /// <summary>Reads weights from a caffemodel or an HDF5 file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Receives a line for everything upgraded.</param>
    /// <exception cref="AtlException">The file is missing, damaged or something else.</exception>
    public static WeightsFile Read(string path, Action<string>? note = null) =>
        new(path, ProtoFiles.ReadNetBinary(path, note));
}
