using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Cli.Tests;

/// <summary>LMDBs of MNIST digits as Caffe's convert_mnist_data makes them: keys of eight digits, raw bytes,
/// 1×28×28.</summary>
internal static class MnistLmdb
{
    private const int Side = 28;

    /// <summary>
    /// Splits the t10k digits into a training and a test set, in a shuffled order (the file's first half is of other
    /// writers than its second).
    /// </summary>
    public static void Split(Mnist mnist, string training, string test, int testDigits)
    {
        int[] order = [.. Enumerable.Range(0, mnist.Labels.Length)];
        new RandomStream(1, "split").Shuffle(order.AsSpan());
        Write(mnist, training, order[testDigits..]);
        Write(mnist, test, order[..testDigits]);
    }

    /// <summary>Writes so many of the t10k digits, told by their places.</summary>
    public static void Write(Mnist mnist, string folder, IReadOnlyList<int> digits)
    {
        using LmdbWriter writer = new(folder);
        for (int i = 0; i < digits.Count; i++)
            writer.Put($"{i:D8}", new Datum
            {
                Channels = 1,
                Height = Side,
                Width = Side,
                Label = mnist.Labels[digits[i]],
                Data = ByteString.CopyFrom(mnist.Pixels, digits[i] * Side * Side, Side * Side),
            });
    }
}
