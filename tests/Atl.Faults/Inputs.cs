using System.Globalization;
using OpenCvSharp;

namespace Atl.Faults;

/// <summary>What the commands read: images, nets, a database, weights, a run's folder. Made once, then only
/// read.</summary>
/// <param name="parent">The folder in which they get one of their own.</param>
internal sealed class Inputs(string parent)
{
    private const int People = 3, PicturesEach = 5, Side = 16, PhotoSide = 64, Photos = 3;

    /// <summary>The iterations of the short trainings; a snapshot is taken every <see cref="SnapshotEvery"/>.</summary>
    public static int Iterations => 8;

    /// <summary>The iterations between the snapshots of the short trainings.</summary>
    public static int SnapshotEvery => 2;

    /// <summary>The iterations of the training that signals find running.</summary>
    public static int LongIterations => 20000;

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(parent, "inputs");

    /// <summary>The path of an input.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Makes them.</summary>
    /// <exception cref="InvalidOperationException">A command by which they are made fails.</exception>
    public void Make()
    {
        Directory.CreateDirectory(Folder);
        List<string> list = [], faces = [];
        for (int person = 0; person < People; person++)
        {
            for (int i = 0; i < PicturesEach; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"person{person}/{i}.png");
                Picture(Path.Combine("tree", name), Side, (person * PicturesEach) + i);
                list.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {person}"));
            }
        }
        for (int i = 0; i < Photos; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png");
            Picture(name, PhotoSide, 100 + i);
            faces.Add($"{this[name]} 20 22 42 22 31 34 23 44 39 44");
        }
        File.WriteAllLines(this["list.txt"], list);
        File.WriteAllLines(this["faces.txt"], faces);
        foreach (string net in new[] { "train", "deploy", "features" })
        {
            using Stream stream = typeof(Inputs).Assembly.GetManifestResourceStream(net)!;
            using StreamReader reader = new(stream);
            File.WriteAllText(this[net + ".prototxt"],
                reader.ReadToEnd().Replace("INPUTS", Folder, StringComparison.Ordinal));
        }
        DetectorNets.Make(this["mtcnn"]);
        Solver("sgd", "type: 'SGD' momentum: 0.9 snapshot_format: BINARYPROTO");
        Solver("adam", "type: 'Adam' momentum: 0.9 momentum2: 0.99 snapshot_format: HDF5");
        Solver("long", "momentum: 0.9", LongIterations, 0);
        MakeBy("convert_imageset", this["tree"] + "/", this["list.txt"], this["train_lmdb"]);
        MakeBy("train", "-solver", this["sgd.prototxt"], "-run", this["run"]);
        File.Move(this["sgd_iter_8.caffemodel"], this["weights.caffemodel"]);
    }

    private void Solver(string name, string more, int? iterations = null, int? snapshot = null) =>
        File.WriteAllText(this[name + ".prototxt"], string.Create(CultureInfo.InvariantCulture, $"""
            net: "{this["train.prototxt"]}"
            base_lr: 0.01
            lr_policy: "fixed"
            max_iter: {iterations ?? Iterations}
            snapshot: {snapshot ?? SnapshotEvery}
            display: {(iterations is null ? 1 : 100)}
            random_seed: 7
            snapshot_prefix: "{name}"
            {more}

            """));

    private void MakeBy(params string[] command)
    {
        ProgramEnd end = AtlProgram.Run(Folder, command);
        if (end.Code != 0)
            throw new InvalidOperationException($"the inputs cannot be made: atl {string.Join(' ', command)}: "
                + $"{end.Errors}");
    }

    private void Picture(string name, int side, int seed)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Mat picture = new(side, side, MatType.CV_8UC3);
        Random random = new(seed);
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
                picture.Set(y, x, new Vec3b((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        picture.SaveImage(path);
    }
}
