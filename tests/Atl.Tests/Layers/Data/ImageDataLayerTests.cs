using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Tests.Layers;

public sealed class ImageDataLayerTests : FolderFixture
{
    [SetUp]
    public void MakeImages()
    {
        List<string> lines = [];
        for (int i = 0; i < 7; i++)
        {
            using Mat image = new(3, 4, MatType.CV_8UC3, new Scalar(i, 100 + i, 200 + i));
            Cv2.ImWrite(_folder[$"image {i}.png"], image);
            lines.Add($"image {i}.png {i}");
        }
        File.WriteAllLines(_folder["list.txt"], [.. lines, ""]);
    }

    [Test]
    public void ImagesComeInTheListsOrderOverAndOver()
    {
        using LayerRun run = new(Prototxt("batch_size: 4"), 2);
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(4, 3, 3, 4)));
        Assert.That(run.Forward(1), Is.EqualTo([0f, 1, 2, 3]));
        Assert.That(run.Forward(1), Is.EqualTo([4f, 5, 6, 0]));
        float[] data = LayerRun.Values(run.Top[0].Data);
        Assert.That(new[] { data[36], data[36 + 12], data[36 + 24] }, Is.EqualTo([5f, 105, 205]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ShuffledImages)]
    public void EachPassIsShuffledAnewAndWhole()
    {
        using LayerRun run = new(Prototxt("batch_size: 7 shuffle: true"), 2);
        HashSet<string> orders = [];
        for (int pass = 0; pass < 6; pass++)
        {
            float[] labels = run.Forward(1);
            Assert.That(labels, Is.EquivalentTo(new[] { 0f, 1, 2, 3, 4, 5, 6 }));
            orders.Add(string.Join(' ', labels));
        }
        Assert.That(orders, Has.Count.GreaterThan(3));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ResumeIsExact)]
    public void AResumedRunGoesOnInTheSameOrder()
    {
        string prototxt = Prototxt("batch_size: 3 shuffle: true rand_skip: 6");
        using LayerRun straight = new(prototxt, 2), first = new(prototxt, 2), second = new(prototxt, 2);
        float[][] expected = [.. Enumerable.Range(0, 12).Select(_ => straight.Forward(1))];
        float[][] begun = [.. Enumerable.Range(0, 5).Select(_ => first.Forward(1))];
        LayerState state = new();
        first.Layer.SaveState(state);
        second.Layer.LoadState(state);
        Assert.That(begun.Concat(Enumerable.Range(0, 7).Select(_ => second.Forward(1))), Is.EqualTo(expected));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.ResizedImages)]
    public void ImagesAreResizedAndMadeGrey()
    {
        using LayerRun run = new(Prototxt("batch_size: 1 new_height: 5 new_width: 6 is_color: false"), 1);
        Assert.That(run.Forward(), Has.Length.EqualTo(30).And.All.EqualTo(118).Within(1));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, 5, 6)));
    }

    [Test]
    public void AMissingImageIsNamedWithItsLine()
    {
        File.AppendAllText(_folder["list.txt"], "absent.png 3\n");
        using LayerRun run = new(Prototxt("batch_size: 8"), 1);
        Assert.That(() => run.Forward(),
            Throws.InstanceOf<LayerException>().With.Message.Contains(
                $"{_folder["list.txt"]}:9: image '{_folder["absent.png"]}' does not exist"));
    }

    [Test]
    public void ATruncatedImageIsNamedWithItsLine()
    {
        byte[] bytes = File.ReadAllBytes(_folder["image 0.png"]);
        File.WriteAllBytes(_folder["image 0.png"], bytes[..(bytes.Length / 2)]);
        Fails(Prototxt("batch_size: 1"),
            $"{_folder["list.txt"]}:1: image '{_folder["image 0.png"]}' of {bytes.Length / 2} bytes break off");
    }

    [Test]
    public void SeveralLabelsMakeATopOfShapeBatchByLabels()
    {
        using LayerRun run = new(Prototxt("batch_size: 2 labels: 3", "many.txt", "image 0.png 1 -0.5 1e3",
            "image 1.png\t2  0.25 7"), 2);
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(run.Forward(1), Is.EqualTo([1, -0.5f, 1000, 2, 0.25f, 7]));
        using LayerRun one = new(Prototxt("batch_size: 2", "fraction.txt", "image 0.png 0.75", "image 1.png 3"), 2);
        Assert.That(one.Forward(1), Is.EqualTo([0.75f, 3]));
        Assert.That(one.Top[1].Shape, Is.EqualTo(new Shape(2)));
        Fails(Prototxt("batch_size: 1 labels: 4", "many.txt"),
            "many.txt:1: found 'image 0.png 1 -0.5 1e3', expected a path and 4 labels, separated by spaces");
        Fails(Prototxt("batch_size: 1 labels: 0", "many.txt"), "image_data_param.labels is 0");
    }

    [Test]
    public void WhatDoesNotFitIsNamed()
    {
        File.WriteAllText(_folder["bad.txt"], "a.png 1\nb.png\n");
        File.WriteAllText(_folder["empty.txt"], "\n");
        Assert.Multiple(() =>
        {
            Fails(Prototxt("batch_size: 1 new_height: 5"), "new_height is 5 and new_width 0, expected both or neither");
            Fails(Prototxt("batch_size: 1", "bad.txt"),
                "bad.txt:2: found 'b.png', expected a path, a space, and a label");
            Fails(Prototxt("batch_size: 1", "empty.txt"), "empty.txt: the list is empty");
            Fails(Prototxt("batch_size: 1", "absent.txt"), "absent.txt: no such file");
            Fails(Prototxt("batch_size: 1").Replace("/' batch_size", "' batch_size", StringComparison.Ordinal),
                $"root_folder '{_folder.FullName}' is prepended to the paths of {_folder["list.txt"]} as written, "
                    + "expected it to end with /");
        });
    }

    private static void Fails(string prototxt, string message) =>
        Assert.That(() => new LayerRun(prototxt, 1),
            Throws.InstanceOf<LayerException>().With.Message.Contains(message));

    private string Prototxt(string data, string list = "list.txt", params string[] lines)
    {
        if (lines.Length > 0) File.WriteAllLines(_folder[list], lines);
        return $"type: 'ImageData' image_data_param {{ source: '{_folder[list]}' root_folder: "
            + $"'{_folder.FullName}/' {data} }}";
    }
}
