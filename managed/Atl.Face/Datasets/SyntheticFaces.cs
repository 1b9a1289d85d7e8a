using Atl.Face.Synthesis;

namespace Atl.Face.Datasets;

/// <summary>
/// A face set made on demand: labels 0 … identities − 1, the same number of images of each, drawn by
/// <see cref="FaceRenderer"/>. Populations of different seeds share no one, and of one seed the first identities are
/// the same however many are asked for.
/// </summary>
internal static class SyntheticFaces
{
    /// <summary>
    /// Enumerates the set lazily, one person after the other; a few persons at a time are rendered in parallel. The
    /// bytes do not depend on the number of threads.
    /// </summary>
    /// <param name="identities">The number of identities.</param>
    /// <param name="imagesPerIdentity">How many images of each.</param>
    /// <param name="seed">Names the population.</param>
    /// <param name="firstIdentity">The person that gets label 0: train and verification sets of one population are made
    /// by skipping.</param>
    /// <param name="difficulty">How far images of one person differ, see <see cref="FaceRenderer.Render"/>.</param>
    public static IEnumerable<FaceSample> Create(
        int identities, int imagesPerIdentity, ulong seed, int firstIdentity = 0, float difficulty = 1f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(identities);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imagesPerIdentity);
        ArgumentOutOfRangeException.ThrowIfNegative(firstIdentity);
        return Enumerate(identities, imagesPerIdentity, seed, firstIdentity, difficulty);
    }

    private static IEnumerable<FaceSample> Enumerate(int identities, int perIdentity, ulong seed, int firstIdentity,
        float difficulty)
    {
        int batch = Environment.ProcessorCount * 4;
        for (int start = 0; start < identities; start += batch)
        {
            var people = new FaceSample[Math.Min(batch, identities - start)][];
            int first = start;
            Parallel.For(0, people.Length, () => new FaceRenderer(), (i, _, renderer) =>
            {
                var model = new FaceModel(seed, firstIdentity + first + i);
                people[i] = new FaceSample[perIdentity];
                for (int image = 0; image < perIdentity; image++)
                {
                    byte[] pixels = new byte[FaceRenderer.ImageBytes];
                    renderer.Render(model, image, pixels, difficulty);
                    people[i][image] = new FaceSample(pixels, first + i, 3, FaceRenderer.ImageSize,
                        FaceRenderer.ImageSize);
                }

                return renderer;
            }, _ => { });

            foreach (FaceSample[] person in people)
            {
                foreach (FaceSample sample in person)
                    yield return sample;
            }
        }
    }
}
