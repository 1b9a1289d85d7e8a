using System.Globalization;
using System.IO.Compression;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Cli.Tests.Commands;

/// <summary>Caffe's own tools, by their names, flags and arguments.</summary>
public sealed class CaffeToolsTests : FolderFixture
{
    [SetUp]
    public void MakeImages()
    {
        Directory.CreateDirectory(_folder["images"]);
        for (int i = 0; i < 4; i++)
        {
            using Mat image = new(2, 3, MatType.CV_8UC3, new Scalar(10 * i, 100 + i, 200));
            Cv2.ImWrite(_folder[$"images/{i}.png"], image);
        }
        File.WriteAllLines(_folder["list.txt"], ["0.png 0", "1.png 1", "absent.png 9", "2.png 2", "3.png 3"]);
    }

    [TestCase("lmdb")]
    [TestCase("leveldb")]
    [CaffeBehaviour(CaffeBehaviour.ConvertImagesetKeys)]
    [CaffeBehaviour(CaffeBehaviour.ImageMean)]
    public void ConvertImageSetAndComputeImageMean(string backend)
    {
        ProgramResult converted = Run("convert_imageset", $"--backend={backend}", "images/", "list.txt", "db");
        Assert.That(converted.ExitCode, Is.Zero, converted.Errors);
        Assert.That(converted.Errors,
            Does.Contain("A total of 5 images.").And.Contain("Processed 4 files.").And.Contain(
                "list.txt:3: image 'images/absent.png' does not exist"));
        using (RecordReader reader = RecordDatabase.Open(_folder["db"], RecordDatabase.Parse(backend)))
        {
            reader.Seek(2);
            Datum datum = reader.ReadDatum();
            Assert.That((reader.Key, datum.Label, datum.Channels, datum.Height, datum.Width),
                Is.EqualTo(("00000003_2.png", 2, 3, 2, 3)));
            Assert.That(datum.Data.ToByteArray(),
                Is.EqualTo(new byte[] { 20, 20, 20, 20, 20, 20, 102, 102, 102, 102, 102, 102, 200, 200, 200, 200, 200,
                    200 }));
        }
        ProgramResult mean = Run("compute_image_mean", "-backend", backend, "db", "mean.binaryproto");
        Assert.That(mean.Errors,
            Does.Contain("Number of channels: 3").And.Contain("mean_value channel [0]: 15").And.Contain(
                "mean_value channel [1]: 101.5"));
        BlobProto stored = ProtoFiles.ReadBlob(_folder["mean.binaryproto"]);
        Assert.That((stored.Num, stored.Channels, stored.Height, stored.Width), Is.EqualTo((1, 3, 2, 3)));
        Assert.That(stored.Data, Is.EqualTo([15f, 15, 15, 15, 15, 15, 101.5f, 101.5f, 101.5f, 101.5f, 101.5f, 101.5f,
            200, 200, 200, 200, 200, 200]));
        ProgramResult again = Run("convert_imageset", "-backend", backend, "images/", "list.txt", "db");
        Assert.That((again.ExitCode, again.LastError), Is.EqualTo((1, "atl convert_imageset: db: "
            + $"{(backend == "lmdb" ? "an LMDB" : "a LevelDB")} is there already and is not overwritten, expected a "
            + "new name (or remove it first)")));
    }

    [TestCase("lmdb", false)]
    [TestCase("leveldb", true)]
    public void ConvertMnistData(string backend, bool packed)
    {
        WriteIdx("images", packed, [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14,
            15, 255]);
        WriteIdx("labels", packed, [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
        ProgramResult converted = Run("convert_mnist_data", "images.idx", "labels.idx", "db", $"--backend={backend}");
        Assert.That(converted.ExitCode, Is.Zero, converted.Errors);
        Assert.That(converted.Errors,
            Does.Contain("A total of 2 items.").And.Contain("Rows: 2 Cols: 3").And.Contain("Processed 2 files."));
        using RecordReader reader = RecordDatabase.Open(_folder["db"], RecordDatabase.Parse(backend));
        reader.Seek(1);
        Datum datum = reader.ReadDatum();
        Assert.That((reader.Key, datum.Label, datum.Channels, datum.Height, datum.Width),
            Is.EqualTo(("00000001", 9, 1, 2, 3)));
        Assert.That(datum.Data.ToByteArray(), Is.EqualTo(new byte[] { 11, 12, 13, 14, 15, 255 }));
    }

    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 7, 9 },
        "images.idx: begins with 2049, expected 2051, the magic number of an idx file of images")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0 }, "images.idx: 6 bytes, expected an idx file of images")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5 },
    "images.idx: 1 bytes after its header, expected 2")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6, 7 },
    "labels.idx: 2 labels, expected 3, the number of images in images.idx")]
    [TestCase(new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 },
    "labels.idx: 2 labels, expected 4294967295")]
    [TestCase(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF }, "images.idx: the gzip file is damaged")]
    public void WhatIsNoMnistIsNamed(byte[] images, string message)
    {
        File.WriteAllBytes(_folder["images.idx"], images);
        WriteIdx("labels", false, [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
        ProgramResult result = Run("convert_mnist_data", "images.idx", "labels.idx", "db");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.LastError, Does.StartWith($"atl convert_mnist_data: {message}"));
        Assert.That(Directory.Exists(_folder["db"]), Is.False);
    }

    [TestCase("lmdb")]
    [TestCase("leveldb")]
    public void ConvertCifarData(string backend)
    {
        for (int batch = 1; batch <= 5; batch++)
            File.WriteAllBytes(_folder[$"data_batch_{batch}.bin"], CifarRecord(batch, 10 * batch));
        File.WriteAllBytes(_folder["test_batch.bin"], [.. CifarRecord(0, 200), .. CifarRecord(9, 201)]);
        ProgramResult converted = Run("convert_cifar_data", ".", "out", backend);
        Assert.That(converted.ExitCode, Is.Zero, converted.Errors);
        using RecordReader training = RecordDatabase.Open(_folder[$"out/cifar10_train_{backend}"],
            RecordDatabase.Parse(backend)),
            test = RecordDatabase.Open(_folder[$"out/cifar10_test_{backend}"], RecordDatabase.Parse(backend));
        training.Seek(4);
        test.Seek(1);
        Datum last = training.ReadDatum(), second = test.ReadDatum();
        Assert.That((training.Key, last.Label, last.Channels, last.Height, last.Width),
            Is.EqualTo(("00004", 5, 3, 32, 32)));
        Assert.That((test.Key, second.Label, second.Data.ToByteArray()),
            Is.EqualTo(("00001", 9, CifarRecord(9, 201)[1..])));
        Assert.That(training.TryMoveNext() || test.TryMoveNext(), Is.False);

        File.WriteAllBytes(_folder["test_batch.bin"], CifarRecord(10, 0));
        Assert.That(Run("convert_cifar_data", ".", "other", backend).LastError,
            Does.Contain("test_batch.bin: record 0 has the label 10, expected 0 to 9"));
        File.WriteAllBytes(_folder["data_batch_3.bin"], new byte[3072]);
        Assert.That(Run("convert_cifar_data", ".", "third", backend).LastError,
            Does.Contain("data_batch_3.bin: 3072 bytes, expected records of 3073 bytes"));
        File.Delete(_folder["data_batch_2.bin"]);
        Assert.That(
            Run("convert_cifar_data", ".", "fourth", backend).LastError,
            Does.Contain("data_batch_2.bin: no such file, expected a binary batch of CIFAR-10"));
        ProgramResult wrong = Run("convert_cifar_data", ".", "out", "sqlite");
        Assert.That((wrong.ExitCode, wrong.Errors.Contains("DB_TYPE is 'sqlite', expected lmdb or leveldb",
            StringComparison.Ordinal)), Is.EqualTo((2, true)));
    }

    [Test]
    public void EncodedImagesAreTheFilesBytesOrAreCompressedAnew()
    {
        Assert.That(Run("convert_imageset", "-encoded", "images/", "list.txt", "files").ExitCode, Is.Zero);
        Assert.That(Run("convert_imageset", "-encode_type", "jpg", "-gray", "-resize_width", "4", "-resize_height=5",
            "images/", "list.txt", "jpegs").ExitCode,
            Is.Zero);
        using LmdbReader files = new(_folder["files"]), jpegs = new(_folder["jpegs"]);
        Assert.That(files.ReadDatum().Data.ToByteArray(), Is.EqualTo(File.ReadAllBytes(_folder["images/0.png"])));
        Datum datum = jpegs.ReadDatum();
        using DecodedImage image = DecodedImage.FromBytes(datum.Data.Span, ImageColor.AsStored);
        Assert.That((datum.Encoded, datum.Data[0], image.View.Channels, image.View.Height, image.View.Width),
            Is.EqualTo((true, (byte)0xFF, 1, 5, 4)));
    }

    [Test]
    public void SeveralLabelsAndFractionsGoIntoFloatLabel()
    {
        File.WriteAllLines(_folder["list.txt"], ["0.png 1 0.5", "1.png 2 -3"]);
        Assert.That(Run("convert_imageset", "-labels", "2", "images/", "list.txt", "two").ExitCode, Is.Zero);
        ProgramResult untold = Run("convert_imageset", "images/", "list.txt", "paths");
        Assert.That(untold.Errors, Does.Contain("list.txt:1: image 'images/0.png 1' does not exist"),
            "one label unless told");
        File.WriteAllLines(_folder["list.txt"], ["0.png 7", "1.png 0.5"]);
        Assert.That(Run("convert_imageset", "images/", "list.txt", "one").ExitCode, Is.Zero);
        using LmdbReader two = new(_folder["two"]), one = new(_folder["one"]);
        Assert.That(two.ReadDatum().FloatLabel, Is.EqualTo([1, 0.5f]));
        Datum whole = one.ReadDatum();
        one.MoveNext();
        Datum fraction = one.ReadDatum();
        Assert.That((whole.Label, whole.FloatLabel.Count, fraction.FloatLabel.Single()), Is.EqualTo((7, 0, 0.5f)));
        Assert.That(Run("convert_imageset", "-labels=0", "images/", "list.txt", "none").LastError,
            Does.Contain("0 labels an image, expected 1 or more"));
    }

    [Test]
    public void EncodedImagesAreCheckedByTheirPixels()
    {
        using (Mat image = new(2, 3, MatType.CV_8UC3))
        {
            Cv2.Randu(image, Scalar.All(0), Scalar.All(256));
            Cv2.ImWrite(_folder["images/3.png"], image);
        }
        Assert.That(Run("convert_imageset", "-encoded", "-check_size", "images/", "list.txt", "db").ExitCode, Is.Zero,
            "as many pixels, more bytes");
    }

    [Test]
    public void TheLogsThresholdMayComeFromTheEnvironment()
    {
        const string Variable = "GLOG_minloglevel";
        Environment.SetEnvironmentVariable(Variable, "2");
        try
        {
            ProgramResult quiet = Run("convert_imageset", "images/", "list.txt", "quiet");
            ProgramResult told = Run("convert_imageset", "-minloglevel", "0", "images/", "list.txt", "told");
            Assert.That(quiet.Errors, Does.Contain("absent.png").And.Not.Contain("A total of"));
            Assert.That(told.Errors, Does.Contain("A total of"), "the flag counts more");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Test]
    public void ImagesOfDifferentSizesAreRefusedWhenAsked()
    {
        using (Mat image = new(5, 5, MatType.CV_8UC3)) Cv2.ImWrite(_folder["images/3.png"], image);
        ProgramResult result = Run("convert_imageset", "-check_size", "images/", "list.txt", "db");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1, "atl convert_imageset: list.txt:5: image '3.png' comes to 75 bytes of pixels, expected "
                + "18 as the first")));
        Assert.That(Directory.Exists(_folder["db"]), Is.False);
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.UpgradeTools)]
    public void OldFormatsAreUpgraded()
    {
        File.WriteAllText(_folder["old.prototxt"],
            "name: 'x' input: 'data' input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4 layers { name: 'r' type: "
                + "RELU bottom: 'data' top: 'r' }");
        ProgramResult upgraded = Run("upgrade_net_proto_text", "old.prototxt", "new.prototxt");
        Assert.That(upgraded.ExitCode, Is.Zero);
        Assert.That(upgraded.Errors, Does.Contain("Wrote upgraded NetParameter text proto to new.prototxt"));
        Assert.That(File.ReadAllText(_folder["new.prototxt"]),
            Does.Contain("type: \"ReLU\"").And.Contain("type: \"Input\"").And.Not.Contain("layers"));
        Assert.That(Run("upgrade_net_proto_text", "new.prototxt", "newer.prototxt").Errors,
            Does.Contain("already in latest proto format"));
        File.WriteAllText(_folder["solver.prototxt"], "net: 'x.prototxt' solver_type: ADAM");
        Assert.That(Run("upgrade_solver_proto_text", "solver.prototxt", "new_solver.prototxt").ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(_folder["new_solver.prototxt"]), Does.Contain("type: \"Adam\""));
        NetParameter old = new()
        {
            Layers =
            { new V1LayerParameter { Name = "ip", Type = V1LayerParameter.Types.LayerType.InnerProduct,
                Blobs = { Blob(1, 2) } } }
        };
        ProtoFiles.WriteNetBinary(_folder["old.caffemodel"], old);
        Assert.That(Run("upgrade_net_proto_binary", "old.caffemodel", "new.caffemodel").ExitCode, Is.Zero);
        Assert.That(ProtoFiles.ReadNetBinary(_folder["new.caffemodel"]).Layer[0].Type, Is.EqualTo("InnerProduct"));
    }

    [Test]
    public void DiffComparesParameterByParameter()
    {
        Weights("a.caffemodel", ("ip", Blob(3, 4)), ("same", Blob(1, 1)));
        Weights("b.caffemodel", ("ip", Blob(4, 3)), ("same", Blob(1, 1)), ("more", Blob(1)));
        ProgramResult same = Run("diff", "a.caffemodel", "a.caffemodel"),
            different = Run("diff", "a.caffemodel", "b.caffemodel");
        Assert.That(same.ExitCode, Is.Zero, same.Errors);
        Assert.That((different.ExitCode, different.LastError),
            Is.EqualTo((1, "atl diff: a.caffemodel and b.caffemodel differ in 2 of 3 parameters")));
        Assert.That(different.Output, Does.Contain("ip[0]\t2 (2)\tmax |a-b| 1\trelative 0.25\tcosine 0.96").And.Contain(
            "more[0]\tnone against 1 (1)"));
        Assert.That(Run("diff", "-json", "a.caffemodel", "b.caffemodel").Output, Does.Contain("\"max_absolute\": 1"));
    }

    [TestCase("lmdb")]
    [TestCase("leveldb")]
    [TestCase("hdf5")]
    [TestCase("npy")]
    [TestCase("npz")]
    [TestCase("csv")]
    [CaffeBehaviour(CaffeBehaviour.ExtractedFeatures)]
    public void ExtractFeaturesStoresBlobsRowAfterRow(string format)
    {
        Assert.That(Run("convert_imageset", "images/", "list.txt", "db").ExitCode, Is.Zero);
        File.WriteAllText(_folder["net.prototxt"],
            "layer { name: 'data' type: 'Data' top: 'data' top: 'label' data_param { source: 'db' backend: LMDB batch_size: 2 } } "
            + "layer { name: 'gain' type: 'Scale' bottom: 'data' top: 'gained' }");
        BlobProto gain = Blob(2, 3, 4);
        Weights("w.caffemodel", ("gain", gain));
        ProgramResult result = Run("extract_features", "w.caffemodel", "net.prototxt", "gained,label", "one,two", "3",
            format, "CPU");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("Extracted features of 6 query images for feature blob gained").And.Contain(
                "Successfully extracted the features!"));
        Assert.That(Features("one")[^18..],
            Is.EqualTo((float[])[20, 20, 20, 20, 20, 20, 303, 303, 303, 303, 303, 303, 800, 800, 800, 800, 800, 800]));
        Assert.That(Features("two"), Is.EqualTo(new float[] { 0, 1, 2, 3, 0, 1 }));
        Assert.That(Run("extract_features", "w.caffemodel", "net.prototxt", "gained", "one", "3", format).LastError,
            Does.Contain("one: ").And.Contain("there already"));

        float[] Features(string name)
        {
            if (format == "npy") return NpyFile.Read(_folder[name]).Values;
            if (format == "npz")
            {
                using NpzFile archive = new(_folder[name]);
                Assert.That(archive.Names, Is.EqualTo(["features"]), "these rows have no names");
                using NpyReader features = archive.Open("features");
                float[] all = new float[features.Shape.Count];
                features.Read(0, all);
                return all;
            }
            if (format == "csv")
                return [.. File.ReadLines(_folder[name]).Skip(1).SelectMany(line => line.Split(',')[1..])
                    .Select(value => float.Parse(value, CultureInfo.InvariantCulture))];
            if (format == "hdf5")
            {
                using Hdf5File file = new(_folder[name]);
                return file.Read("data");
            }
            using RecordReader reader = RecordDatabase.Open(_folder[name], RecordDatabase.Parse(format));
            Assert.That(reader.Key, Is.EqualTo("0000000000"));
            List<float> values = [];
            do values.AddRange(reader.ReadDatum().FloatData);
            while (reader.TryMoveNext());
            return [.. values];
        }
    }

    [Test]
    public void ConvertGoesBetweenTextBinaryAndHdf5()
    {
        Weights("a.caffemodel", ("ip", Blob(0.1f, -3e-20f, 4)), ("same", Blob(1, 1)));
        foreach ((string from, string to) in new[] { ("a.caffemodel", "b.caffemodel.h5"),
            ("b.caffemodel.h5", "c.prototxt"), ("c.prototxt", "d.caffemodel") })
            Assert.That(Run("convert", from, to).ExitCode, Is.Zero, $"{from} {to}");
        Assert.That(Run("diff", "a.caffemodel", "d.caffemodel").ExitCode, Is.Zero);
        SolverState state = new()
        {
            Iter = 7,
            LearnedNet = "x.caffemodel",
            CurrentStep = 2,
            RandomSeed = 5,
            History = { Blob(1, 2) }
        };
        ProtoFiles.WriteSolverState(_folder["a.solverstate"], state);
        foreach ((string from, string to) in new[]
            { ("a.solverstate", "b.solverstate.h5"), ("b.solverstate.h5", "c.prototxt"),
            ("c.prototxt", "d.solverstate") })
            Assert.That(Run("convert", from, to).ExitCode, Is.Zero, $"{from} {to}");
        Assert.That(ProtoFiles.ReadSolverState(_folder["d.solverstate"]), Is.EqualTo(state));
        ProtoFiles.WriteBlob(_folder["mean.binaryproto"], new BlobProto
        {
            Num = 1,
            Channels = 1,
            Height = 1,
            Width = 2,
            Data = { 1.5f, 2 }
        });
        Assert.That(Run("convert", "mean.binaryproto", "mean.npy").ExitCode, Is.Zero);
        Assert.That(NpyFile.Read(_folder["mean.npy"]).Values, Is.EqualTo([1.5f, 2]));
        Assert.That(Run("convert", "mean.npy", "mean.h5").ExitCode, Is.Zero);
        using (Hdf5File array = new(_folder["mean.h5"])) Assert.That(array.Read("data"), Is.EqualTo([1.5f, 2]));
        Assert.That(Run("convert", "mean.binaryproto", "mean.caffemodel").LastError,
            Does.Contain("a blob cannot be written under this name, expected one that ends in .prototxt, "
                + ".binaryproto or .npy"));
    }

    private static BlobProto Blob(params float[] values) =>
        new() { Shape = new BlobShape { Dim = { values.Length } }, Data = { values } };

    private void Weights(string name, params (string Layer, BlobProto Blob)[] layers)
    {
        NetParameter net = new();
        foreach ((string layer, BlobProto blob) in layers) net.Layer.Add(new LayerParameter
        {
            Name = layer,
            Type = "InnerProduct",
            Blobs = { blob }
        });
        ProtoFiles.WriteNetBinary(_folder[name], net);
    }

    private void WriteIdx(string name, bool packed, byte[] bytes)
    {
        using Stream stream = packed ? new GZipStream(File.Create(_folder[$"{name}.idx"]), CompressionLevel.Fastest)
            : File.Create(_folder[$"{name}.idx"]);
        stream.Write(bytes);
    }

    private static byte[] CifarRecord(int label, int first)
    {
        byte[] record = new byte[3073];
        for (int i = 0; i < record.Length; i++) record[i] = (byte)(first + i);
        record[0] = (byte)label;
        return record;
    }

    private ProgramResult Run(params string[] arguments) => AtlProgram.Run(_folder.FullName, arguments);
}
