using Atl.Face.Datasets;

namespace Atl.Comparison;

/// <summary>Faces to train on and faces of other people to verify.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Database">The LMDB that is trained on.</param>
/// <param name="People">How many people are trained on.</param>
/// <param name="Verify">Faces of people never trained on.</param>
/// <param name="Iterations">The budget of a run.</param>
/// <param name="Batch">Samples of an iteration.</param>
internal sealed record FaceSet(string Name, string Database, int People, IReadOnlyList<FaceSample> Verify,
    int Iterations, int Batch)
{
    private const ulong Population = 2017;

    /// <summary>Drawn faces: 500 people × 12 images to train on, 60 others × 8 to verify.</summary>
    public static FaceSet Drawn(string folder, int? iterations)
    {
        const int People = 500, Images = 12, Others = 60, OthersImages = 8;
        string database = Path.Combine(folder, "drawn_lmdb");
        FaceDatabase.Write(database, SyntheticFaces.Create(People, Images, Population), People * Images, Population);
        return new("drawn", database, People, [.. SyntheticFaces.Create(Others, OthersImages, Population, People)],
            iterations ?? 900, 64);
    }

    /// <summary>The ORL faces: 30 people to train on, the 10 others to verify.</summary>
    public static FaceSet Orl(string folder, string source, int? iterations)
    {
        OrlFaces faces = OrlFaces.Read(source);
        string database = Path.Combine(folder, "orl_lmdb");
        FaceDatabase.Write(database, faces.Train, faces.Train.Count, Population);
        return new("orl", database, faces.Train.Select(face => face.Label).Distinct().Count(), faces.Verify, iterations
            ?? 300, 60);
    }
}
