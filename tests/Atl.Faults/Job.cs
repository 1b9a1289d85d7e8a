namespace Atl.Faults;

/// <summary>A command that is disturbed.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Command">The command and its arguments; it writes into its working folder.</param>
internal sealed record Job(string Name, string[] Command)
{
    /// <summary>Files that go beside what the command is for: none of them may fail it. Texts in their paths.</summary>
    public string[] SideOutputs { get; init; } = [];

    /// <summary>Whether it trains: a run that was disturbed is resumed from its newest snapshot.</summary>
    public bool Trains { get; init; }

    /// <summary>Whether what it has written stays when the power is lost right after.</summary>
    public bool SurvivesPowerLoss { get; init; } = true;

    /// <summary>Puts into a fresh folder what the command changes there.</summary>
    public Action<string> Prepare { get; init; } = static _ => { };

    /// <summary>All jobs.</summary>
    public static IReadOnlyList<Job> All(Inputs inputs)
    {
        string weights = inputs["weights.caffemodel"], deploy = inputs["deploy.prototxt"], tree = inputs["tree"];
        string[] extract = ["extract", tree, "-model", deploy, "-weights", weights, "-fit", "crop", "-batch", "4",
            "-out"];
        string[] features = ["extract_features", weights, inputs["features.prototxt"], "feature"];
        return
        [
            new("train", ["train", "-solver", inputs["sgd.prototxt"]]) { Trains = true },
            new("train, HDF5", ["train", "-solver", inputs["adam.prototxt"]]) { Trains = true },
            new("train -run -tensorboard", ["train", "-solver", inputs["sgd.prototxt"], "-run", "run", "-tensorboard",
                "events"])
                { Trains = true, SideOutputs = ["/run/", "/events/"] },
            new("train -snapshot auto",
                ["train", "-solver", inputs["sgd.prototxt"], "-snapshot", "auto", "-keep_snapshots",
                    "2"]) { Trains = true },
            new("import", ["import", tree, "-out", "db"]),
            new("convert_imageset, LMDB", ["convert_imageset", tree + "/", inputs["list.txt"], "db"]),
            new("convert_imageset, LevelDB", ["convert_imageset", "-backend", "leveldb", tree + "/", inputs["list.txt"],
                "db"])
                { SurvivesPowerLoss = false },
            new("extract, .npy", [.. extract, "f.npy"]),
            new("extract, .npz", [.. extract, "f.npz"]),
            new("extract, .csv", [.. extract, "f.csv"]),
            new("extract, .h5", [.. extract, "f.h5"]),
            new("extract, LMDB", [.. extract, "f"]),
            new("extract_features, LMDB", [.. features, "f", "3", "lmdb"]),
            new("extract_features, LevelDB", [.. features, "f", "3", "leveldb"]) { SurvivesPowerLoss = false },
            new("convert, HDF5", ["convert", weights, "w.caffemodel.h5"]),
            new("compute_image_mean", ["compute_image_mean", inputs["train_lmdb"], "mean.binaryproto"]),
            new("detect", ["detect", inputs["photos"], "-models", inputs["mtcnn"], "-out", "faces.jsonl", "-draw",
                "drawn"])
                { SurvivesPowerLoss = false },
            new("align", ["align", "-faces", inputs["faces.txt"], "-out", "aligned"]) { SurvivesPowerLoss = false },
            new("report", ["report", "run"]) { Prepare = folder => Copy(inputs["run"], Path.Combine(folder, "run")) },
        ];
    }

    /// <summary>The command that goes on after a disturbance, as a user would give it.</summary>
    public string[] Again(string folder)
    {
        if (!Trains || Command.Contains("auto")) return Command;
        // Names sort by the number's digits, which is one here.
        string? state = Directory.EnumerateFiles(folder, "*_iter_*.solverstate*")
            .Where(path => path.EndsWith(".solverstate", StringComparison.Ordinal)
                || path.EndsWith(".solverstate.h5", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).LastOrDefault();
        return state is null ? Command : [.. Command, "-snapshot", Path.GetFileName(state)];
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
