using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using LightningDB;

namespace Atl.Tests.Data;

/// <summary>Databases that LMDB itself wrote, read by it and by Atl.</summary>
public sealed class LmdbComparisonTests : FolderFixture
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(6)]
    public void WhateverWasPutChangedAndDeletedIsReadAsLmdbReadsIt(int seed)
    {
        Random random = new(seed);
        using (LightningEnvironment environment = Open())
            for (int transactions = random.Next(2, 40); transactions > 0; transactions--)
                Change(environment, random, seed);
        List<(string Key, string Value)> expected = [], found = [];
        using (LightningEnvironment environment = Open())
        using (LightningTransaction transaction = environment.BeginTransaction(TransactionBeginFlags.ReadOnly))
        using (LightningDatabase database = transaction.OpenDatabase())
        using (LightningCursor cursor = transaction.CreateCursor(database))
            for ((MDBResultCode code, MDBValue key, MDBValue value) = cursor.First(); code == MDBResultCode.Success;
                (code, key, value) = cursor.Next())
                expected.Add((Convert.ToHexString(key.AsSpan()), Convert.ToHexString(value.AsSpan())));
        using (LmdbFile file = new(Path.Combine(_folder["db"], "data.mdb")))
        {
            LmdbCursor cursor = new(file, file.Meta.Main);
            cursor.MoveToFirst();
            do found.Add((Convert.ToHexString(cursor.Key), Convert.ToHexString(cursor.ReadValue())));
            while (cursor.TryMoveNext());
            Assert.That(() => LmdbCheck.RequireWritable(file), Throws.Nothing);
        }
        Assert.That(found, Has.Count.GreaterThan(10));
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void SomebodyWhoWritesMeanwhileIsNoticed()
    {
        using LightningEnvironment environment = Open();
        Put(environment, 0, 2000);
        using LmdbReader reader = new(_folder["db"]);
        reader.Seek(10);
        Put(environment, 2000, 1);
        Assert.That(() => reader.Seek(1999),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "another program wrote to the LMDB while it was read; wait for its end and run again"));
        using LmdbReader again = new(_folder["db"]);
        Assert.That(again.Count, Is.EqualTo(2001));
    }

    [Test]
    public void PagesThatAreMissingAtTheEndMatterOnlyWhereTheyAreInUse()
    {
        using (LightningEnvironment environment = Open())
        {
            Put(environment, 0, 10);
            using LightningTransaction transaction = environment.BeginTransaction();
            using LightningDatabase database = transaction.OpenDatabase();
            // The large value's pages are given back by the transaction that took them.
            transaction.Put(database, "large"u8.ToArray(), new byte[50000]);
            transaction.Delete(database, "large"u8.ToArray());
            transaction.Commit();
        }
        string file = Path.Combine(_folder["db"], "data.mdb");
        ulong last;
        using (LmdbFile meta = new(file)) last = meta.Meta.LastPage;
        using (FileStream stream = File.OpenWrite(file))
            stream.SetLength(Math.Min(stream.Length, (long)last * 4096 - 4096));
        using LmdbReader reader = new(_folder["db"]);
        reader.Seek(9);
        Assert.That(reader.Value.Length, Is.EqualTo(100));
    }

    private static void Put(LightningEnvironment environment, int first, int count)
    {
        using LightningTransaction transaction = environment.BeginTransaction();
        using LightningDatabase database = transaction.OpenDatabase();
        for (int i = first; i < first + count; i++)
            transaction.Put(database, System.Text.Encoding.UTF8.GetBytes($"{i:D8}"), new byte[100]);
        transaction.Commit();
    }

    private static void Change(LightningEnvironment environment, Random random, int seed)
    {
        using LightningTransaction transaction = environment.BeginTransaction();
        using LightningDatabase database = transaction.OpenDatabase();
        for (int changes = random.Next(1, 400); changes > 0; changes--)
        {
            // Few different keys, so that they come again; some of the greatest length.
            byte[] key = new byte[random.Next(8) == 0 ? random.Next(1, 512) : 1 + seed % 3];
            random.NextBytes(key);
            if (random.Next(3) == 0)
                transaction.Delete(database, key);
            else
                transaction.Put(database, key, Value(random));
        }
        // A transaction that is given up changes nothing.
        if (random.Next(5) > 0) transaction.Commit();
    }

    private static byte[] Value(Random random)
    {
        byte[] value = new byte[random.Next(4) switch
        {
            0 => random.Next(3),
            1 => random.Next(1900, 2100),
            2 => random.Next(20000),
            _ => random.Next(200)
        }];
        random.NextBytes(value);
        return value;
    }

    private LightningEnvironment Open()
    {
        // So that LMDB 0.9 is the library, as for the program.
        Directory.CreateDirectory(_folder["db"]);
        return LmdbLibrary.Open(_folder["db"], 256 << 20);
    }
}
