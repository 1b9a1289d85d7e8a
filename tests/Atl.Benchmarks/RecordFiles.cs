using System.Globalization;
using System.Text;
using Atl.Data;
using Atl.Proto;
using Google.Protobuf;
using LightningDB;

namespace Atl.Benchmarks;

/// <summary>
/// A pass over an LMDB in the page cache, each record with its key and as a Datum, as layers and commands read it. The
/// floor is the same through the LMDB library, which maps the file and checks nothing.
/// </summary>
internal static class RecordFiles
{
    /// <summary>Many records of one size.</summary>
    public static Measurement Read(string name, int records, int size, int rounds, TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("atl-benchmark-").FullName;
        try
        {
            Write(folder, records, size);
            using LmdbReader reader = new(folder);
            using LightningEnvironment environment = new(folder);
            environment.Open(EnvironmentOpenFlags.ReadOnly | EnvironmentOpenFlags.NoLock);
            using LightningTransaction transaction = environment.BeginTransaction(TransactionBeginFlags.ReadOnly);
            using LightningDatabase database = transaction.OpenDatabase();
            using LightningCursor cursor = transaction.CreateCursor(database);
            double[] least = Timing.Least(rounds, Ours, Library);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {records:N0} records of {size:N0} bytes, {records / least[0] / 1000:F2} million "
                    + $"records/s; the LMDB library "
                    + $"{records / least[1] / 1000:F2} million records/s"));
            return new Measurement(name, least[0], least[1], Machine.PeakMemory());

            void Ours()
            {
                reader.Rewind();
                int read = 0;
                long length = 0;
                do
                {
                    length += reader.ReadDatum().Data.Length + reader.Key.Length;
                    read++;
                }
                while (reader.TryMoveNext());
                Require(read, length);
            }

            void Library()
            {
                int read = 0;
                long length = 0;
                for ((MDBResultCode code, MDBValue key, MDBValue value) = cursor.First(); code == MDBResultCode.Success;
                    (code, key, value) = cursor.Next(), read++)
                    length += Datum.Parser.ParseFrom(value.AsSpan()).Data.Length
                        + Encoding.UTF8.GetString(key.AsSpan()).Length;
                Require(read, length);
            }

            void Require(int read, long length)
            {
                if (read != records || length <= (long)size * records)
                    throw new InvalidOperationException($"{read} records were read, expected {records}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, int records, int size)
    {
        Random random = new(1);
        using LmdbWriter writer = new(folder);
        for (int i = 0; i < records; i++)
        {
            byte[] value = new byte[size];
            random.NextBytes(value);
            string key = RecordWriter.KeyOf(i, string.Create(CultureInfo.InvariantCulture, $"person{i / 40}/{i}.jpg"));
            writer.Put(key, new Datum
            {
                Data = UnsafeByteOperations.UnsafeWrap(value),
                Label = i / 40,
                Encoded = true
            });
        }
    }
}
