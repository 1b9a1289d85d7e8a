using System.Text.Json;
using Atl.Data;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests;

/// <summary>verify as a user calls it.</summary>
public sealed class VerifyCommandTests : FolderFixture
{
    // In the plane, at these degrees. Genuine pairs: 0-1 (10°), 2-3 (20°); impostors are 70° to 100° apart.
    private static readonly double[] Degrees = [0, 10, 80, 100];

    [SetUp]
    public void MakeFiles()
    {
        File.WriteAllLines(_folder["f.txt"], ["lfw/Ann/Ann_0001.jpg", "lfw/Ann/Ann_0002.jpg", "lfw/Bo/Bo_0001.jpg", "lfw/Bo/Bo_0002.jpg"]);
        File.WriteAllText(_folder["pairs.txt"], "2\t1\nAnn\t1\t2\nAnn\t1\tBo\t1\nBo\t1\t2\nAnn\t2\tBo\t2\n");
        WriteNpy("f.npy", Rows(Degrees));
    }

    [Test]
    public void LfwsProtocolByHand()
    {
        ProgramResult result = Run("verify", "f.npy", "-pairs", "pairs.txt", "-far", "0.5,0.1", "-json", "out.json", "-roc", "roc.csv");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("f.npy: 4 features of 2 values, names in f.txt"));
        Assert.That(result.Output, Does.Contain("pairs.txt (LFW's format) of 2 people: 2 genuine and 2 impostor pairs scored, 0 not"));
        Assert.That(result.Output,
            Does.Match(@"area under ROC +1\.000000").And.Match(@"TAR@FAR=0\.5 +100\.00 %").And.Match(@"TAR@FAR=0\.1 +needs 10 impostor pairs"));

        VerificationRecord record = VerificationRecord.Read(_folder["out.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(record.Pairs, Is.EqualTo(new PairSource("lfw", "pairs.txt", 2, 2, 2, 0, 2, 4)));
            Assert.That(record.Features, Is.EqualTo(new FeatureSource("f.npy", 4, 2, "f.txt")));
            Assert.That((record.Auc, record.EqualErrorRate), Is.EqualTo((1.0, 0.0)));
            // The higher of the two impostor pairs is Ann 1 with Bo 1, 80° apart, the lower Ann 2 with Bo 2, 90° apart.
            Assert.That(record.TarAtFar[0].Threshold, Is.EqualTo(0).Within(1e-7));
            Assert.That((record.TarAtFar[1].Tar, record.TarAtFar[1].NeededPairs), Is.EqualTo(((double?)null, 10L)));
            Assert.That(record.Angles.Genuine.Select((count, bin) => (count, bin)).Where(b => b.count > 0), Is.EqualTo([(1L, 3), (1L, 6)]));
            Assert.That(record.Hardest.Genuine.Select(p => $"{p.First} {p.Second}"),
                Is.EqualTo(["lfw/Bo/Bo_0001.jpg lfw/Bo/Bo_0002.jpg", "lfw/Ann/Ann_0001.jpg lfw/Ann/Ann_0002.jpg"]));
            Assert.That(record.Hardest.Impostor[0].Score, Is.EqualTo(Math.Cos(80 * Math.PI / 180)).Within(1e-6));
            Assert.That(record.Accuracy!.Folds.Select(fold => fold.Pairs), Is.EqualTo([2, 2]));
            Assert.That(record.AngularFisher, Is.EqualTo(Fisher()).Within(1e-6));
            Assert.That(record.Projection!.People.Select(person => (person.Name, person.Images.Count)), Is.EqualTo([("Ann", 2), ("Bo", 2)]));
            Assert.That(record.Issues, Is.Empty);
        });
        string[] roc = File.ReadAllLines(_folder["roc.csv"]);
        Assert.That(roc[0], Is.EqualTo("far,tar,threshold"));
        Assert.That(roc[1..].Select(line => line[..line.LastIndexOf(',')]), Is.EqualTo(["0,1", "1,1"]), "the curve turns once");
    }

    [Test]
    public void AllPairsByFolders()
    {
        ProgramResult result = Run("verify", "f.npy", "-all", "-far", "0.5", "-json", "out.json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        VerificationRecord record = VerificationRecord.Read(_folder["out.json"]);
        Assert.That((record.Pairs.Kind, record.Pairs.Genuine, record.Pairs.Impostor), Is.EqualTo(("all", 2L, 4L)));
        // 70°, 80°, 90°, 100°: half of four may pass, so the threshold is the third.
        Assert.That(record.TarAtFar[0].Threshold, Is.EqualTo(0).Within(1e-6));
        Assert.That(record.Intervals!.Unit, Is.EqualTo("identities"));
        Assert.That(record.Accuracy, Is.Null, "two people make no two folds");
    }

    [Test]
    public void WhatCannotBeScoredIsListedAndToldByTheExitCode()
    {
        float[][] rows = [.. Rows(Degrees), [float.NaN, 1], [0, 0]];
        WriteNpy("f.npy", rows);
        File.AppendAllLines(_folder["f.txt"], ["lfw/Cy/Cy_0001.jpg", "lfw/Cy/Cy_0002.jpg"]);
        File.WriteAllText(_folder["pairs.txt"], "3\t2\nAnn\t1\t2\nCy\t1\t2\nAnn\t1\tBo\t1\nBo\t1\tAnn\t1\nBo\t1\t1\nDee\t1\t2\n");
        ProgramResult result = Run("verify", "f.npy", "-pairs", "pairs.txt", "-json", "out.json");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(result.Errors, Does.Contain("noticed: 1 features are zero: lfw/Cy/Cy_0002.jpg"));
        Assert.That(result.Errors,
            Does.Contain("noticed: 2 pairs cannot be scored: errors in the ten-fold accuracy, left out of the ROC: "
                + "lfw/Cy/Cy_0001.jpg lfw/Cy/Cy_0002.jpg (line 3)"));
        Assert.That(result.LastError, Does.StartWith("atl verify: not everything could be compared: 2 images of the protocol have no feature"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_folder["out.json"]));
        Assert.That(
            json.RootElement.GetProperty("issues").EnumerateArray().Select(issue => $"{issue.GetProperty("kind")} {issue.GetProperty("count")}"),
            Is.EqualTo([
                "absent_features 2", "not_finite_features 1", "zero_features 1", "unscored_pairs 2", "self_pairs 1", "repeated_pairs 1",
                "empty_folds 1", "one_sided_folds 1",
            ]));
    }

    [Test]
    public void ContradictionsAreListedAndScored()
    {
        File.WriteAllText(_folder["p.txt"], "Ann/Ann_0001 Ann/Ann_0002 1\nAnn/Ann_0001 Bo/Bo_0001 0\nBo/Bo_0002 Bo/Bo_0001 0\nAnn/Ann_0002 Ann/Ann_0001 0\n");
        ProgramResult result = Run("verify", "f.npy", "-pairs", "p.txt", "-identity", "folder", "-bootstrap", "0");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("noticed: 1 pairs say the opposite of an earlier pair of the same images: lfw/Ann/Ann_0002.jpg lfw/Ann/Ann_0001.jpg (line 4)"));
        Assert.That(result.Errors, Does.Contain("noticed: 2 pairs say the opposite of their images' labels: lfw/Bo/Bo_0002.jpg lfw/Bo/Bo_0001.jpg (line 3), "));
    }

    [Test]
    public void EveryKindOfFeatureFileGivesTheSame()
    {
        float[] values = [.. Rows(Degrees).SelectMany(row => row)];
        Hdf5File.Write(_folder["f.h5"], [("data", new Shape(4, 2, 1), values)]);
        RecordDatabase.Create(_folder["f_lmdb"], DataParameter.Types.DB.Lmdb, writer =>
        {
            for (int row = 0; row < 4; row++)
                writer.Put($"{row:D10}", new Datum { Channels = 2, Height = 1, Width = 1, FloatData = { values[2 * row], values[2 * row + 1] } });
        });
        string[] tables = [.. new[] { "f.npy", "f.h5", "f_lmdb" }.Select(file =>
        {
            ProgramResult result = Run("verify", file, "-names", "f.txt", "-pairs", "pairs.txt");
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            return result.Output[result.Output.IndexOf('\n', StringComparison.Ordinal)..];
        })];
        Assert.That(tables, Is.All.EqualTo(tables[0]));
    }

    [TestCase(2, "verify takes -pairs FILE or -all", "f.npy")]
    [TestCase(2, "verify takes -pairs FILE or -all", "f.npy", "-all", "-pairs", "pairs.txt")]
    [TestCase(2, "flag '-far' is '2', expected rates above 0 and up to 1", "f.npy", "-all", "-far", "0.1,2")]
    [TestCase(2, "flag '-folds' is '0', expected 1 or more", "f.npy", "-all", "-folds", "0")]
    [TestCase(1, "none.npy: no such file or folder, expected features", "none.npy", "-all")]
    [TestCase(1, "pairs.txt: neither a NumPy array (.npy) nor HDF5", "pairs.txt", "-all")]
    [TestCase(1, "pairs.txt: 5 names, expected 4: one for each row of f.npy", "f.npy", "-all", "-names", "pairs.txt")]
    [TestCase(1, "none.txt: no such file, expected a list of pairs", "f.npy", "-pairs", "none.txt")]
    [TestCase(1, "a ROC needs genuine and impostor pairs with a score; there are 1 and 0", "f.npy", "-pairs", "one.txt")]
    [TestCase(1, "the folder", "f.npy", "-all", "-json", "none/out.json")]
    [TestCase(1, "no array 'x'", "f.h5", "-array", "x", "-all")]
    public void WhatIsWrongIsExplained(int code, string message, params string[] arguments)
    {
        File.WriteAllText(_folder["one.txt"], "Ann/Ann_0001 Ann/Ann_0002 1\n");
        Hdf5File.Write(_folder["f.h5"], [("data", new Shape(4, 2), new float[8])]);
        ProgramResult result = Run(["verify", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        Assert.That(result.LastError, Does.Contain(message).And.Not.Contain("error of the program"));
    }

    private static double Fisher()
    {
        // Class means at 5° and 90°, of lengths cos 5° and cos 10°; the mean of all is their sum.
        double x = 2 * Math.Cos(Radians(5)) * Math.Cos(Radians(5)), y = (2 * Math.Cos(Radians(5)) * Math.Sin(Radians(5))) + (2 * Math.Cos(Radians(10)));
        double all = Math.Atan2(y, x), within = (2 * (1 - Math.Cos(Radians(5)))) + (2 * (1 - Math.Cos(Radians(10))));
        return within / ((2 * (1 - Math.Cos(all - Radians(5)))) + (2 * (1 - Math.Cos(all - Radians(90)))));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static float[][] Rows(double[] degrees) => [.. degrees.Select(d => new[] { 3 * (float)Math.Cos(Radians(d)), 3 * (float)Math.Sin(Radians(d)) })];

    private void WriteNpy(string name, float[][] rows)
    {
        Tensor tensor = new(new Shape(rows.Length, rows[0].Length));
        rows.SelectMany(row => row).ToArray().CopyTo(tensor.AsWriteOnlySpan());
        NpyFile.Write(_folder[name], tensor);
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
