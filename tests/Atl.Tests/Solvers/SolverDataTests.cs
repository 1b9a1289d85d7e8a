using Atl.Data;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Tests.Solvers;

/// <summary>The data of a solver's nets, found by the place of the solver's file where the working folder lacks
/// it.</summary>
public sealed class SolverDataTests
{
    private const string Hdf5Net = """
        layer { name: "in" type: "HDF5Data" top: "data" top: "target" hdf5_data_param { source: "LIST" batch_size: 2 } include { phase: TRAIN } }
        layer { name: "in" type: "HDF5Data" top: "data" top: "target" hdf5_data_param { source: "absent.txt" batch_size: 2 } include { phase: TEST } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "data" bottom: "target" top: "loss" }
        """;

    [TestCase("list.txt", "rows.h5")]
    [TestCase("data/list.txt", "data/rows.h5")]
    [TestCase("data/list.txt", "rows.h5")]
    public void AListOfHdf5FilesAndItsFilesAreFoundBesideTheSolver(string list, string entry)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        File.WriteAllText(folder[list], entry);
        string rows = entry.Contains('/', StringComparison.Ordinal) || list == "list.txt" ? entry : "data/" + entry;
        Hdf5File.Write(folder[rows], ("data", new Shape(2, 3), [1, 2, 3, 4, 5, 6]),
            ("target", new Shape(2, 3), [1, 2, 3, 4, 5, 8]));
        File.WriteAllText(folder["net.prototxt"], Hdf5Net.Replace("LIST", list, StringComparison.Ordinal));
        LogCapture log = new();
        using Solver solver = Solver.Create(TextFormat.Parse<SolverParameter>(
            "net: 'net.prototxt' base_lr: 1 lr_policy: 'fixed' max_iter: 1 snapshot_after_train: false",
            folder["solver.prototxt"]), new SolverOptions { Logger = log });
        Assert.That(solver.Net.Forward(), Is.EqualTo(1));
        Assert.That(log.Lines.Select(line => line.Line),
            Has.Some.Contains($"{list} is not in the working folder: taking {folder[list]}"));
        Assert.That(log.Lines.Select(line => line.Line), Has.None.Contains("absent.txt"));
    }

    [Test]
    public void WhatTheWorkingFolderHasIsTakenFromThere()
    {
        using TemporaryFolder folder = new();
        string here = $"atl-{Guid.NewGuid():N}.txt";
        File.WriteAllText(folder[here], "beside");
        try
        {
            File.WriteAllText(here, "here");
            File.WriteAllText(folder["net.prototxt"],
                $"layer {{ name: 'd' type: 'ImageData' top: 'x' top: 'y' image_data_param {{ source: '{here}' }} }}");
            List<string> notes = [];
            SolverNet net = new SolverNets(
                TextFormat.Parse<SolverParameter>("net: 'net.prototxt'", "s.prototxt"), folder["s.prototxt"], null,
                notes.Add).Train();
            Assert.That(net.Parameter.Layer[0].ImageDataParam.Source, Is.EqualTo(here));
            Assert.That(notes, Has.None.Contains(here));
        }
        finally
        {
            File.Delete(here);
        }
    }

    [Test]
    public void DatabasesMeanFilesAndRootFoldersAreFoundToo()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "train_lmdb", "pictures" }) Directory.CreateDirectory(folder[name]);
        foreach (string name in new[] { "mean.binaryproto", "list.txt" }) File.WriteAllText(folder[name], "");
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: "a" type: "Data" top: "x" data_param { source: "train_lmdb" } transform_param { mean_file: "mean.binaryproto" } }
            layer { name: "b" type: "ImageData" top: "y" image_data_param { source: "list.txt" root_folder: "pictures/" } }
            layer { name: "c" type: "ImageData" top: "z" image_data_param { source: "none.txt" root_folder: "" } }
            """);
        NetParameter net = new SolverNets(
            TextFormat.Parse<SolverParameter>("net: 'net.prototxt'", "s.prototxt"), folder["s.prototxt"], null,
            _ => { }).Train().Parameter;
        Assert.Multiple(() =>
        {
            Assert.That(net.Layer[0].DataParam.Source, Is.EqualTo(folder["train_lmdb"]));
            Assert.That(net.Layer[0].TransformParam.MeanFile, Is.EqualTo(folder["mean.binaryproto"]));
            Assert.That(net.Layer[1].ImageDataParam.Source, Is.EqualTo(folder["list.txt"]));
            Assert.That(net.Layer[1].ImageDataParam.RootFolder, Is.EqualTo(folder["pictures/"]));
            Assert.That((net.Layer[2].ImageDataParam.Source, net.Layer[2].ImageDataParam.RootFolder),
                Is.EqualTo(("none.txt", "")));
        });
    }

    [Test]
    public void ImagesOfAListBesideTheSolverAreFoundThere()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["pictures"]);
        using (Mat image = new(4, 4, MatType.CV_8UC3, Scalar.All(7))) Cv2.ImWrite(folder["pictures/a.png"], image);
        File.WriteAllText(folder["list.txt"], "pictures/a.png 3\n");
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: "d" type: "ImageData" top: "x" top: "y" image_data_param { source: "list.txt" batch_size: 1 } }
            layer { name: "quiet" type: "Silence" bottom: "x" bottom: "y" }
            """);
        using Solver solver = Solver.Create(TextFormat.Parse<SolverParameter>(
            "net: 'net.prototxt' base_lr: 1 lr_policy: 'fixed' max_iter: 1 snapshot_after_train: false",
            folder["solver.prototxt"]));
        solver.Net.Forward();
        Assert.That(solver.Net.FindBlob("y")!.Data.AsReadOnlySpan()[0], Is.EqualTo(3));
    }

    [TestCase("net: 'models\\net.prototxt'", @"net 'models\net.prototxt': no such file")]
    [TestCase("net_param { } snapshot: 1 snapshot_prefix: 'none/out\\new\\tx'",
    @"cannot write to snapshot_prefix 'none/out\new\tx'")]
    public void PathsWithControlCharactersAreShownOnOneLineWithAHint(string settings, string message)
    {
        SolverParameter parameter = TextFormat.Parse<SolverParameter>(settings
            + " base_lr: 1 lr_policy: 'fixed' max_iter: 1", "s.prototxt");
        Assert.That(() => Solver.Create(parameter), Throws.InstanceOf<AtlException>().With.Message.Contains(message)
            .And.Message.Contains(@"write / or \\").And.Message.Not.Contains("\n"));
    }
}
