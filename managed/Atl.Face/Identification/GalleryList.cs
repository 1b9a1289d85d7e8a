using Atl.Data;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Identification;

/// <summary>A file that says which images are the gallery: a name a line.</summary>
internal static class GalleryList
{
    /// <summary>The rows of the images that the file names, and those of the others, which are probes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">The names of the rows.</param>
    /// <param name="issues">Takes the names that are no image's.</param>
    /// <exception cref="AtlException">The file cannot be read, or names no image, or a name that is several
    /// images'.</exception>
    public static (int[] Gallery, int[] Probes) Read(string file, ImageNames names, ICollection<IssueRecord> issues)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(issues);
        bool[] chosen = new bool[names.Count];
        List<IssuePlace> absent = [];
        int line = 0;
        foreach (string text in TextLines.Each(file, "names of images, one a line"))
        {
            line++;
            string name = QuotedName.Parse(text.Trim());
            if (name.Length == 0) continue;
            if (Find(name) is { } row) chosen[row] = true;
            else absent.Add(new IssuePlace(line - 1, line, name));
        }
        if (absent.Count > 0)
            issues.Add(new IssueRecord("absent_gallery", "images of the gallery's list have no feature", "image",
                absent.Count, absent));
        ILookup<bool, int> rows = Enumerable.Range(0, chosen.Length).ToLookup(row => chosen[row]);
        return rows.Contains(true) ? ([.. rows[true]], [.. rows[false]])
            : throw new AtlException(absent is [{ Line: { } at, Name: { } wanted }, ..]
                ? $"{file}: {NameMismatch.Describe(names, absent.Count, wanted, at)}"
                : $"{file}: no names, expected those of images, one a line");

        int? Find(string name)
        {
            try
            {
                return names.Find(name);
            }
            catch (AtlException e)
            {
                throw new AtlException($"{file}:{line}: {e.Message}", e);
            }
        }
    }
}
