namespace Atl.Face.Identification;

/// <summary>Parts images into a gallery, who is known, and probes, who is looked for.</summary>
internal static class GallerySplit
{
    /// <summary>The first image of each identity is the gallery, the others are probes.</summary>
    /// <param name="labels">Who is on each image.</param>
    /// <param name="singlesAreProbes">Whether identities with one image are probes that the gallery does not know; else
    /// they are in the gallery and nobody looks for them.</param>
    public static (int[] Gallery, int[] Probes) FirstOfEach(IReadOnlyList<int> labels, bool singlesAreProbes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var images = new Dictionary<int, int>();
        foreach (int label in labels)
            images[label] = images.GetValueOrDefault(label) + 1;
        var known = new HashSet<int>();
        List<int> gallery = [], probes = [];
        for (int image = 0; image < labels.Count; image++)
        {
            bool first = known.Add(labels[image]) && !(singlesAreProbes && images[labels[image]] == 1);
            (first ? gallery : probes).Add(image);
        }

        return ([.. gallery], [.. probes]);
    }
}
