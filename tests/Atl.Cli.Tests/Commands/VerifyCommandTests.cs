using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Atl.Data;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>verify as a user calls it.</summary>
public sealed class VerifyCommandTests : FolderFixture
{
    // In the plane, at these degrees. Genuine pairs: 0-1 (10°), 2-3 (20°); impostors are 70° to 100° apart.
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly double[] Degrees = [0, 10, 80, 100];

    [SetUp]
    public void MakeFiles()
    {
        File.WriteAllLines(_folder["f.txt"], ["lfw/Ann/Ann_0001.jpg", "lfw/Ann/Ann_0002.jpg", "lfw/Bo/Bo_0001.jpg",
            "lfw/Bo/Bo_0002.jpg"]);
        File.WriteAllText(_folder["pairs.txt"], "2\t1\nAnn\t1\t2\nAnn\t1\tBo\t1\nBo\t1\t2\nAnn\t2\tBo\t2\n");
        WriteNpy("f.npy", Rows(Degrees));
    }

    [Test]
    public void LfwsProtocolByHand()
    {
        ProgramResult result = Run("verify", "f.npy", "-pairs", "pairs.txt", "-far", "0.5,0.1", "-json", "out.json",
            "-roc", "roc.csv");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("f.npy: 4 features of 2 values, names in f.txt"));
        Assert.That(result.Output,
            Does.Contain("pairs.txt (LFW's format) of 2 identities: 2 genuine and 2 impostor pairs scored, 0 not"));
        Assert.That(result.Output,
            Does.Match(@"area under ROC +1\.000000").And.Match(@"TAR@FAR=0\.5 +100\.00 %").And.Match(
                @"TAR@FAR=0\.1 +needs 10 impostor pairs"));

        VerificationRecord record = VerificationRecord.Read(_folder["out.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(record.Pairs, Is.EqualTo(new PairSource("lfw", "pairs.txt", 2, 2, 2, 0, 2, 4)));
            Assert.That(record.Features, Is.EqualTo(new FeatureSource("f.npy", 4, 2, "f.txt")));
            Assert.That((record.Auc, record.EqualErrorRate), Is.EqualTo((1.0, 0.0)));
            // The higher of the two impostor pairs is Ann 1 with Bo 1, 80° apart, the lower Ann 2 with Bo 2, 90° apart.
            Assert.That(record.TarAtFar[0].Threshold, Is.EqualTo(0).Within(1e-7));
            Assert.That((record.TarAtFar[1].Tar, record.TarAtFar[1].NeededPairs), Is.EqualTo(((double?)null, 10L)));
            Assert.That(record.Angles.Genuine.Select((count, bin) => (count, bin)).Where(b => b.count > 0),
                Is.EqualTo([(1L, 3), (1L, 6)]));
            Assert.That(record.Hardest.Genuine.Select(p => $"{p.First} {p.Second}"),
                Is.EqualTo(["lfw/Bo/Bo_0001.jpg lfw/Bo/Bo_0002.jpg", "lfw/Ann/Ann_0001.jpg lfw/Ann/Ann_0002.jpg"]));
            Assert.That(record.Hardest.Impostor[0].Score, Is.EqualTo(Math.Cos(80 * Math.PI / 180)).Within(1e-6));
            Assert.That(record.Accuracy!.Folds.Select(fold => fold.Pairs), Is.EqualTo([2, 2]));
            Assert.That(record.AngularFisher, Is.EqualTo(Fisher()).Within(1e-6));
            Assert.That(record.Projection!.People.Select(person => (person.Name, person.Images.Count)),
                Is.EqualTo([("Ann", 2), ("Bo", 2)]));
            Assert.That(record.Issues, Is.Empty);
        });
        string[] roc = File.ReadAllLines(_folder["roc.csv"]);
        Assert.That(roc[0], Is.EqualTo("far,tar,threshold"));
        Assert.That(roc[1..].Select(line => line[..line.LastIndexOf(',')]), Is.EqualTo(["0,1", "1,1"]),
            "the curve turns once");
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
        File.WriteAllText(_folder["pairs.txt"], """
            Ann/Ann_0001 Ann/Ann_0002 1 0
            Cy/Cy_0001 Cy/Cy_0002 1 0
            Ann/Ann_0001 Bo/Bo_0001 0 0
            Bo/Bo_0001 Ann/Ann_0001 0 0
            Bo/Bo_0001 Bo/Bo_0001 1 2
            Dee/Dee_0001 Dee/Dee_0002 1 2
            """);
        ProgramResult result = Run("verify", "f.npy", "-pairs", "pairs.txt", "-json", "out.json");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
        Assert.That(result.Errors, Does.Contain("noticed: features are zero (1): lfw/Cy/Cy_0002.jpg"));
        Assert.That(result.Errors,
            Does.Contain("noticed: pairs cannot be scored: errors in the ten-fold accuracy, excluded from the ROC (2): "
                + "lfw/Cy/Cy_0001.jpg lfw/Cy/Cy_0002.jpg (line 2)"));
        Assert.That(result.LastError,
            Does.StartWith("atl verify: not everything could be compared: images of the protocol have no feature (2)"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(_folder["out.json"]));
        Assert.That(
            json.RootElement.GetProperty("issues").EnumerateArray()
                .Select(issue => $"{issue.GetProperty("kind")} {issue.GetProperty("count")}"),
            Is.EqualTo([
                "absent_features 2", "not_finite_features 1", "zero_features 1", "unscored_pairs 2", "self_pairs 1",
                "repeated_pairs 1",
                "empty_folds 1", "one_sided_folds 1",
            ]));
    }

    [Test]
    public void ContradictionsAreListedAndScored()
    {
        File.WriteAllText(_folder["p.txt"],
            "Ann/Ann_0001 Ann/Ann_0002 1\nAnn/Ann_0001 Bo/Bo_0001 0\nBo/Bo_0002 Bo/Bo_0001 0\nAnn/Ann_0002 "
                + "Ann/Ann_0001 0\n");
        ProgramResult result = Run("verify", "f.npy", "-pairs", "p.txt", "-identity", "folder", "-bootstrap", "0");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("noticed: pairs contradict an earlier pair of the same images (1): lfw/Ann/Ann_0002.jpg "
                + "lfw/Ann/Ann_0001.jpg (line 4)"));
        Assert.That(result.Errors,
            Does.Contain("noticed: pairs contradict their images' labels (2): lfw/Bo/Bo_0002.jpg lfw/Bo/Bo_0001.jpg "
                + "(line 3), "));
    }

    [Test]
    public void EveryKindOfFeatureFileGivesTheSame()
    {
        float[] values = [.. Rows(Degrees).SelectMany(row => row)];
        Hdf5File.Write(_folder["f.h5"], [("data", new Shape(4, 2, 1), values)]);
        RecordDatabase.Create(_folder["f_lmdb"], DataParameter.Types.DB.Lmdb, writer =>
        {
            for (int row = 0; row < 4; row++)
                writer.Put($"{row:D10}", new Datum
                {
                    Channels = 2,
                    Height = 1,
                    Width = 1,
                    FloatData = { values[2 * row], values[2 * row + 1] }
                });
        });
        Zip("f.npz", ("arr_0.npy", File.ReadAllBytes(_folder["f.npy"])));
        File.WriteAllLines(_folder["f.csv"],
            Rows(Degrees).Select(row => string.Join(',', row.Select(value => value.ToString("R", Invariant)))));
        string[] tables = [.. new[] { "f.npy", "f.h5", "f_lmdb", "f.npz", "f.csv" }.Select(file =>
        {
            ProgramResult result = Run("verify", file, "-names", "f.txt", "-pairs", "pairs.txt");
            Assert.That(result.ExitCode, Is.Zero, result.Errors);
            return result.Output[result.Output.IndexOf('\n', StringComparison.Ordinal)..];
        })];
        Assert.That(tables, Is.All.EqualTo(tables[0]));
    }

    [TestCase("f.csv")]
    [TestCase("f.npz")]
    public void NamesMayStandWithTheFeatures(string file)
    {
        string[] names = [.. File.ReadAllLines(_folder["f.txt"])
            .Select(name => name.Replace("lfw", "my, \"lfw\"", StringComparison.Ordinal))];
        File.Delete(_folder["f.txt"]);
        if (file == "f.csv")
        {
            IEnumerable<string> rows = Rows(Degrees)
                .Select(row => string.Join(',', row.Select(value => value.ToString("R", Invariant))));
            IEnumerable<string> lines =
                names.Zip(rows, (name, row) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{row}");
            File.WriteAllLines(_folder["f.csv"], lines.Prepend("name,v1,v2"));
        }
        else
        {
            // A text array of NumPy: little-endian UTF-32, filled up with zeros.
            byte[] text = [.. names.SelectMany(name => Encoding.UTF32.GetBytes(name.PadRight(40, '\0')))];
            string header = "{'descr': '<U40', 'fortran_order': False, 'shape': (4,), }".PadRight(117) + "\n";
            byte[] array = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. text];
            Zip("f.npz", ("names.npy", array), ("features.npy", File.ReadAllBytes(_folder["f.npy"])));
        }
        ProgramResult result = Run("verify", file, "-pairs", "pairs.txt", "-json", "out.json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        VerificationRecord record = VerificationRecord.Read(_folder["out.json"]);
        Assert.That(record.Hardest.Genuine[0].First, Is.EqualTo("my, \"lfw\"/Bo/Bo_0001.jpg"));
        Assert.That(record.Features.Names, Is.EqualTo(file));
    }

    [TestCase("f.csv", "name,v1,v2\na,1,2\nb,1,x\n", "f.csv:3: column 3 is 'x', expected a number")]
    [TestCase("f.csv", "name,v1,v2\na,1,2\nb,1\n", "f.csv:3: 1 value, expected 2 as in the first row")]
    [TestCase("f.csv", "a,1,2\n",
        "f.csv:1: column 1 is 'a', expected a number; a column of names has the first line name,v1,v2,…")]
    [TestCase("f.csv", "name,v1\n", "f.csv: no rows")]
    [TestCase("f.npz", "PK\u0003\u0004 no zip",
        "f.npz: damaged or truncated, expected NumPy arrays in a zip archive (.npz)")]
    public void DamagedFeaturesAreNamed(string file, string content, string message)
    {
        File.WriteAllText(_folder[file], content);
        ProgramResult result = Run("verify", file, "-pairs", "pairs.txt", "-names", "f.txt");
        Assert.That((result.ExitCode, result.LastError), Is.EqualTo((1, result.LastError)));
        Assert.That(result.LastError, Does.Contain(message));
    }

    [Test]
    public void AnArrayThatIsNotInTheArchiveIsNamed()
    {
        Zip("f.npz", ("a.npy", File.ReadAllBytes(_folder["f.npy"])), ("b.npy", File.ReadAllBytes(_folder["f.npy"])));
        Assert.That(Run("verify", "f.npz", "-pairs", "pairs.txt").LastError,
            Does.Contain("f.npz: no array 'features', found 'a', 'b'"));
        Assert.That(Run("verify", "f.npz", "-pairs", "pairs.txt", "-array", "c").LastError,
            Does.Contain("f.npz: no array 'c'"));
        Assert.That(Run("verify", "f.npz", "-pairs", "pairs.txt", "-array", "b").ExitCode, Is.Zero);
    }

    [Test]
    public void WhereNoNameMatchesOneOfEachIsShown()
    {
        File.WriteAllText(_folder["other.txt"], "x/1.png x/2.png 1\nx/1.png y/1.png 0\n");
        ProgramResult result = Run("verify", "f.npy", "-pairs", "other.txt", "-json", "out.json");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1, "atl verify: other.txt: none of its 3 images has a feature: "
            + "looked for 'x/1.png' (line 1), the features are called 'lfw/Ann/Ann_0001.jpg', …; expected names as in "
                + "the features' list")));
        Assert.That(File.Exists(_folder["out.json"]), Is.False);
    }

    [TestCase("-pairs", "pairs.txt")]
    [TestCase("-all")]
    public void WhereNothingHasAScoreTheCauseIsTold(params string[] what)
    {
        WriteNpy("f.npy", [[0, 0], [0, 0], [0, 0], [float.NaN, 0]]);
        ProgramResult result = Run(["verify", "f.npy", .. what]);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("noticed: features are zero (3): lfw/Ann/Ann_0001.jpg, ")
            .And.Contain("noticed: features hold NaN or infinity (1): lfw/Bo/Bo_0002.jpg"));
        Assert.That(result.LastError,
            Does.Contain("a ROC needs genuine and impostor pairs with a score; found 0 and 0"));
    }

    [Test]
    public void InsightfacesProtocolStandsBesideOurs()
    {
        ProgramResult result =
            Run("verify", "f.npy", "-pairs", "pairs.txt", "-insightface", "-folds", "2", "-json", "out.json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        // Pairs in order: 10° and 80° apart, then 20° and 90°: squared distances of 0.03, 1.65, 0.12 and 2. 0.12 is not
        // below 0.04.
        Assert.That(result.Output,
            Does.Match(@"2-fold accuracy +100\.00 % ± 0\.00").And.Match(
            @"2-fold accuracy of insightface +75\.00 % ± 25\.00"));
        CrossValidatedAccuracy accuracy = VerificationRecord.Read(_folder["out.json"]).Insightface!;
        Assert.That(accuracy.Folds.Select(fold => Math.Round(fold.Threshold, 2)), Is.EqualTo([0.13, 0.04]));
        Assert.That(Run("verify", "f.npy", "-pairs", "pairs.txt", "-insightface").LastError,
            Does.Contain("pairs.txt: insightface's protocol needs a pair for each of 10 folds, found 4 pairs: give "
                + "fewer -folds"));
    }

    [TestCase(2, "verify takes -pairs FILE or -all", "f.npy")]
    [TestCase(2, "verify takes -pairs FILE or -all", "f.npy", "-all", "-pairs", "pairs.txt")]
    [TestCase(2, "-insightface requires -pairs FILE", "f.npy", "-all", "-insightface")]
    [TestCase(2, "-add_halves requires -insightface", "f.npy", "-pairs", "pairs.txt", "-add_halves")]
    [TestCase(2, "flag '-far' is '2', expected rates above 0 and up to 1", "f.npy", "-all", "-far", "0.1,2")]
    [TestCase(2, "flag '-folds' is '0', expected 1 or more", "f.npy", "-all", "-folds", "0")]
    [TestCase(1, "none.npy: no such file, expected features", "none.npy", "-all")]
    [TestCase(1, "pairs.txt: neither a NumPy array (.npy, .npz) nor HDF5 nor .csv", "pairs.txt", "-all")]
    [TestCase(1, "pairs.txt: 5 names, expected 4: one for each row of f.npy", "f.npy", "-all", "-names", "pairs.txt")]
    [TestCase(1, "none.txt: no such file, expected a list of pairs", "f.npy", "-pairs", "none.txt")]
    [TestCase(1, "a ROC needs genuine and impostor pairs with a score; found 1 and 0", "f.npy", "-pairs",
    "one.txt")]
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
        double x = 2 * Math.Cos(Radians(5)) * Math.Cos(Radians(5)),
            y = (2 * Math.Cos(Radians(5)) * Math.Sin(Radians(5))) + (2 * Math.Cos(Radians(10)));
        double all = Math.Atan2(y, x), within = (2 * (1 - Math.Cos(Radians(5)))) + (2 * (1 - Math.Cos(Radians(10))));
        return within / ((2 * (1 - Math.Cos(all - Radians(5)))) + (2 * (1 - Math.Cos(all - Radians(90)))));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static float[][] Rows(double[] degrees) =>
        [.. degrees.Select(d => new[] { 3 * (float)Math.Cos(Radians(d)), 3 * (float)Math.Sin(Radians(d)) })];

    private void Zip(string name, params (string Entry, byte[] Content)[] entries)
    {
        using ZipArchive archive = ZipFile.Open(_folder[name], ZipArchiveMode.Create);
        foreach ((string entry, byte[] content) in entries)
        {
            using Stream stream = archive.CreateEntry(entry).Open();
            stream.Write(content);
        }
    }

    private void WriteNpy(string name, float[][] rows)
    {
        Tensor tensor = new(new Shape(rows.Length, rows[0].Length));
        tensor.CopyFrom([.. rows.SelectMany(row => row)]);
        NpyFile.Write(_folder[name], tensor);
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
