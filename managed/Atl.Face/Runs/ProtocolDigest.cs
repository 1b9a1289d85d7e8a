using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Atl.Face.Verification;

namespace Atl.Face.Runs;

/// <summary>A name for what a verification compares: the same for features of two nets of the same images and
/// pairs.</summary>
internal static class ProtocolDigest
{
    private const int PairsAtOnce = 1 << 16;
    private const int BytesKept = 8;

    /// <summary>The digest of images, identities and pairs, as hexadecimal digits.</summary>
    public static string Of(VerificationRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int row = 0; row < recorder.Names.Count; row++) Append(recorder.Names[row]);
        Append("");
        foreach (string identity in recorder.Identities ?? []) Append(identity);
        Append(recorder.Pairs is null ? "all" : "list");
        if (recorder.Pairs is { } pairs)
        {
            foreach (string absent in pairs.Absent) Append(absent);
            foreach (FacePair[] part in pairs.List.Pairs.Chunk(PairsAtOnce))
            {
                int[] numbers =
                    [.. part.SelectMany(pair => new[] { pair.First, pair.Second, pair.Same ? 1 : 0, pair.Fold })];
                hash.AppendData(MemoryMarshal.AsBytes<int>(numbers));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, BytesKept));

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
