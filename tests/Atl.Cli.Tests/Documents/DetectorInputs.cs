using Atl.Faults;

namespace Atl.Cli.Tests.Documents;

/// <summary>The three nets of MTCNN in the folder that documents name.</summary>
internal static class DetectorInputs
{
    /// <summary>The inputs.</summary>
    public static IEnumerable<DocumentInput> All => [DocumentInput.At("mtcnn", DetectorNets.Make)];
}
