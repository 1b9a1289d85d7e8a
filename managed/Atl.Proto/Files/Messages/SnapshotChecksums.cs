using System.Buffers.Binary;

namespace Atl.Proto;

/// <summary>The checksums that a solver state holds of its own history and of the weights that were written with
/// it.</summary>
internal static class SnapshotChecksums
{
    /// <summary>Puts both into a state.</summary>
    /// <param name="state">The state, its history complete.</param>
    /// <param name="model">The file of weights.</param>
    /// <exception cref="IOException">The weights cannot be read.</exception>
    public static void Add(SolverState state, string model)
    {
        state.HistoryChecksum = OfHistory(state);
        state.LearnedNetChecksum = Crc32C.OfFile(model);
    }

    /// <summary>
    /// The fault of a snapshot, in words that follow a file's name; null if there is none, or if the state (of BVLC
    /// Caffe or an older Atl) has no checksums.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="model">The file of weights.</param>
    /// <exception cref="IOException">The weights cannot be read.</exception>
    public static string? Fault(SolverState state, string model)
    {
        if (state.HasHistoryChecksum && state.HistoryChecksum != OfHistory(state))
            return "its history is damaged (the checksum differs)";
        return state.HasLearnedNetChecksum && state.LearnedNetChecksum != Crc32C.OfFile(model)
            ? $"its weights {model} are damaged or of another snapshot (the checksum differs)"
            : null;
    }

    private static uint OfHistory(SolverState state)
    {
        const int Part = 4096;
        byte[] bytes = new byte[Part * sizeof(float)];
        uint crc = Crc32C.Start;
        foreach (BlobProto blob in state.History)
            for (int first = 0; first < blob.Data.Count; first += Part)
            {
                int count = Math.Min(Part, blob.Data.Count - first);
                for (int i = 0; i < count; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), blob.Data[first + i]);
                crc = Crc32C.Append(crc, bytes.AsSpan(0, count * sizeof(float)));
            }
        return Crc32C.End(crc);
    }
}
