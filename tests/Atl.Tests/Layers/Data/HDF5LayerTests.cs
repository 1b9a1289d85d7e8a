using Atl.Data;
using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public sealed class HDF5LayerTests : FolderFixture
{
    [SetUp]
    public void MakeFiles()
    {
        // Doubles, compressed and in chunks, and integers, written by the HDF Group's library: data[i] = i / 2 of shape
        // 5 x 2 x 3, label 7 6 5 4 3.
        using (Stream rows = typeof(HDF5LayerTests).Assembly.GetManifestResourceStream("rows.h5")!)
        using (FileStream file = File.Create(_folder["a.h5"])) rows.CopyTo(file);
        Hdf5File.Write(_folder["b.h5"],
            [("data", new Shape(2, 2, 3), [.. Enumerable.Range(100, 12).Select(i => (float)i)]),
                ("label", new Shape(2), [10, 11])]);
        File.WriteAllLines(_folder["list.txt"], [_folder["a.h5"], "", _folder["b.h5"]]);
    }

    [Test]
    public void RowsOfAllFilesFollowOneAnother()
    {
        using LayerRun run = Run("batch_size: 4");
        Assert.That((run.Top[0].Shape, run.Top[1].Shape), Is.EqualTo((new Shape(4, 2, 3), new Shape(4))));
        Assert.That(run.Forward(1), Is.EqualTo(new float[] { 7, 6, 5, 4 }));
        Assert.That(run.Forward(1), Is.EqualTo(new float[] { 3, 10, 11, 7 }));
        Assert.That(LayerRun.Values(run.Top[0].Data), Is.EqualTo(
            [12, 12.5f, 13, 13.5f, 14, 14.5f, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 0, 0.5f, 1,
                1.5f, 2, 2.5f]));
    }

    [Test]
    public void EachPassIsShuffledAnewAndWholeAndResumes()
    {
        using LayerRun run = Run("batch_size: 7 shuffle: true"), resumed = Run("batch_size: 7 shuffle: true");
        HashSet<string> orders = [];
        for (int pass = 0; pass < 6; pass++)
        {
            float[] labels = run.Forward(1);
            Assert.That(labels, Is.EquivalentTo(new float[] { 7, 6, 5, 4, 3, 10, 11 }));
            orders.Add(string.Join(' ', labels));
        }
        Assert.That(orders, Has.Count.GreaterThan(3));
        LayerState state = new();
        run.Layer.SaveState(state);
        resumed.Layer.LoadState(state);
        Assert.That(resumed.Forward(1), Is.EqualTo(run.Forward(1)));
    }

    [Test]
    public void WhatDoesNotFitIsNamed()
    {
        Hdf5File.Write(_folder["other.h5"],
            [("data", new Shape(2, 2, 2), new float[8]), ("label", new Shape(2), [1, 2])]);
        Hdf5File.Write(_folder["short.h5"],
            [("data", new Shape(2, 2, 3), new float[12]), ("label", new Shape(3), [1, 2, 3])]);
        Hdf5File.Write(_folder["lable.h5"],
            [("data", new Shape(2, 2, 3), new float[12]), ("lable", new Shape(2), [1, 2])]);
        File.WriteAllText(_folder["broken.h5"], "no HDF5 at all");
        Assert.Multiple(() =>
        {
            Fails("other.h5", "a row of 'data' has shape 2 2 (4), expected 2 3 (6) as in " + _folder["a.h5"]);
            Fails("short.h5", "'label' has shape 3 (3), expected 2 rows as 'data'");
            Fails("lable.h5", "no array 'label', did you mean 'lable'?, found data, lable");
            Fails("broken.h5", "no HDF5 file: its signature is missing");
            Fails("absent.h5", "that it names does not exist");
            File.WriteAllText(_folder["list.txt"], "\n");
            Assert.That(() => Run("batch_size: 1"),
                Throws.InstanceOf<LayerException>().With.Message.Contains("list.txt: the list is empty"));
            Assert.That(() => Run("batch_size: 1", "transform_param { scale: 2 }"),
                Throws.InstanceOf<LayerException>().With.Message.Contains("HDF5Data does not transform data"));
        });

        void Fails(string file, string message)
        {
            File.WriteAllLines(_folder["list.txt"], [_folder["a.h5"], _folder[file]]);
            Assert.That(() => Run("batch_size: 1"),
                Throws.InstanceOf<LayerException>().With.Message.Contains(_folder[file]).And.Message.Contains(message));
        }
    }

    [Test]
    public void OutputHoldsEveryForward()
    {
        string file = _folder["out.h5"];
        using (LayerRun run = new(
            $"type: 'HDF5Output' hdf5_output_param {{ file_name: '{file}' }}", 0,
            LayerRun.Blob(new Shape(2, 3), 1, 2, 3, 4, 5, 6),
                LayerRun.Blob(new Shape(2), 8, 9)))
        {
            for (int i = 0; i < 3; i++)
            {
                run.Layer.Reshape(run.Bottom, run.Top);
                run.Layer.Forward(run.Bottom, run.Top);
            }
        }
        using Hdf5File stored = new(file);
        Assert.That((stored.ShapeOf("data"), stored.ShapeOf("label")), Is.EqualTo((new Shape(6, 3), new Shape(6))));
        Assert.That(stored.Read("data"),
            Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6 }));
        Assert.That(stored.Read("label"), Is.EqualTo(new float[] { 8, 9, 8, 9, 8, 9 }));
    }

    [TestCase("")]
    [TestCase("file_name: ''")]
    public void OutputNeedsAName(string field) => Assert.That(
        () => new LayerRun($"type: 'HDF5Output' hdf5_output_param {{ {field} }}", 0,
            LayerRun.Blob(new Shape(1, 1), 1), LayerRun.Blob(new Shape(1), 2)),
        Throws.InstanceOf<LayerException>().With.Message.Contains(
            "hdf5_output_param.file_name is missing, expected the file to write"));

    private LayerRun Run(string data, string more = "") =>
        new($"type: 'HDF5Data' top: 'data' top: 'label' {more} hdf5_data_param {{ source: '{_folder["list.txt"]}' "
            + $"{data} }}", 2);
}
