using System.Globalization;
using System.Security.Cryptography;
using Atl.Data;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Face.Import;
using Atl.Face.Synthesis;
using OpenCvSharp;

namespace Atl.Benchmarks;

/// <summary>
/// Faces found, aligned and imported; the floor is decoding the same files, and encoding (or, of an import, hashing)
/// what is written, with as many threads.
/// </summary>
internal static class FaceImages
{
    private const int Aligned = 256, QualitiesImported = 8;

    private static readonly string Data = Environment.GetEnvironmentVariable("ATL_TEST_DATA")
        ?? Path.Combine("..", "shared", "data");

    /// <summary>Whether the photographs and weights for <see cref="Detect"/> are there (ATL_TEST_DATA, or
    /// ../shared/data from the working folder).</summary>
    public static bool HavePhotographs => Directory.Exists(Path.Combine(Data, "faces", "photos"))
        && Directory.Exists(Path.Combine(Data, "weights", "mtcnn"));

    /// <summary>MTCNN over photographs.</summary>
    public static Measurement Detect(string name, int rounds, TextWriter output)
    {
        using FaceDetectorModel detector = FaceDetectorModel.TryLoad(Path.Combine(Data, "weights", "mtcnn"),
            new MtcnnOptions { Threads = 1 })!;
        IReadOnlyList<ImageFile> photos = ImageFiles.Find([Path.Combine(Data, "faces", "photos")], out _);
        ImageFile[] images = [.. Enumerable.Repeat(photos, 4).SelectMany(each => each)];
        using DetectionRun run = new(detector.CreateDetector);
        return Measure(
            name, images.Length, rounds, output,
            () => run.Run(images, Environment.ProcessorCount).Count(),
            () => Parallel.ForEach(images, image => Decode(image.Path)));
    }

    /// <summary>AlignWuXiang over images of 250 × 250.</summary>
    public static Measurement Align(string name, int rounds, TextWriter output)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atl-bench-");
        try
        {
            Landmarks points = new(new(96, 104), new(154, 106), new(124, 140), new(100, 168), new(150, 170));
            ImageFaces[] images = [.. Draw(folder.FullName)
                .Select(file => new ImageFaces(file, 250, 250, [new DetectedFace(points.Bounds, 1, points)]))];
            AlignmentRun run = new(new AlignmentOptions(new WuXiangAlignment(),
                Path.Combine(folder.FullName, "out"))
            { Extension = ".jpg", Overwrite = true });
            using Mat aligned = Cv2.ImRead(images[0].Image.Path).Resize(new Size(112, 112));
            return Measure(name, images.Length, rounds, output, () => run.Run(images),
                () => Parallel.ForEach(images, image =>
            {
                Decode(image.Image.Path);
                _ = aligned.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 95));
            }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>An import of a tree with a folder for each of 256 people into an LMDB, from listing the tree to the
    /// last commit.</summary>
    public static Measurement Import(string name, int rounds, TextWriter output)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atl-bench-");
        try
        {
            string tree = Path.Combine(folder.FullName, "tree"), database = Path.Combine(folder.FullName, "db");
            foreach (ImageFile file in Draw(folder.FullName))
            {
                DirectoryInfo person =
                    Directory.CreateDirectory(Path.Combine(tree, Path.GetFileNameWithoutExtension(file.Name)));
                using Mat picture = Cv2.ImRead(file.Path).Resize(new Size(112, 112));
                for (int i = 0; i < QualitiesImported; i++)
                    File.WriteAllBytes(Path.Combine(person.FullName, $"{i}.jpg"),
                        picture.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 95 - i)));
            }
            IReadOnlyList<ImageFile> images = ImageFiles.Find([tree], out _);
            return Measure(
                name, images.Count, rounds, output,
                () =>
                {
                    using ImportSource source = ImportSource.Open([tree]);
                    new ImportRun(new ImportOptions { Overwrite = true }).Run(source, database);
                },
                () => Parallel.ForEach(images, image =>
                {
                    byte[] bytes = File.ReadAllBytes(image.Path);
                    SHA256.HashData(bytes);
                    using DecodedImage decoded = DecodedImage.FromBytes(bytes, ImageColor.AsStored);
                }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<ImageFile> Draw(string folder)
    {
        FaceRenderer renderer = new();
        byte[] planes = new byte[FaceRenderer.ImageBytes];
        List<ImageFile> files = [];
        for (int i = 0; i < Aligned; i++)
        {
            renderer.Render(new FaceModel(1, i), 0, planes);
            Mat[] channels = [.. Enumerable.Range(0, 3)
                .Select(c => Mat.FromPixelData(112, 112, MatType.CV_8UC1,
                    planes[(c * 112 * 112)..((c + 1) * 112 * 112)]))];
            using Mat small = new();
            Cv2.Merge(channels, small);
            using Mat large = small.Resize(new Size(250, 250));
            ImageFile file = new(Path.Combine(folder, $"{i}.jpg"), $"{i}.jpg");
            File.WriteAllBytes(file.Path, large.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 95)));
            files.Add(file);
            foreach (Mat channel in channels) channel.Dispose();
        }
        return files;
    }

    private static void Decode(string path)
    {
        using DecodedImage image = DecodedImage.FromFile(path, ImageColor.Color);
    }

    private static Measurement Measure(string name, int images, int rounds, TextWriter output, Action ours,
        Action floor)
    {
        ours();
        floor();
        double peak = Machine.PeakMemory();
        (double Milliseconds, double Cores) least = (double.PositiveInfinity, 0), leastFloor = least;
        for (int round = 0; round < rounds; round++)
        {
            leastFloor = Faster(leastFloor, floor);
            least = Faster(least, ours);
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {images} images, {1000 * images / least.Milliseconds:F0} images/s with {least.Cores:F2} cores "
                + $"busy; reading and writing alone "
            + $"{1000 * images / leastFloor.Milliseconds:F0} images/s with {leastFloor.Cores:F2}"));
        return new Measurement(name, least.Milliseconds, leastFloor.Milliseconds, peak);
    }

    // The faster of a round before and one more, with the processor time that it took by its time by the clock.
    private static (double Milliseconds, double Cores) Faster((double Milliseconds, double Cores) before, Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        double milliseconds = Timing.Milliseconds(action);
        return milliseconds < before.Milliseconds
            ? (milliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / milliseconds) : before;
    }
}
