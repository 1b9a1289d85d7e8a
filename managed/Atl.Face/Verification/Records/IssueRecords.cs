namespace Atl.Face.Verification;

/// <summary>Names the places of issues: images by their names, pairs by their images and line.</summary>
/// <param name="names">The images that have features.</param>
/// <param name="pairs">The list of pairs; null where all pairs are compared.</param>
internal sealed class IssueRecords(ImageNames names, PairFile? pairs)
{
    /// <summary>The name of an image; those without a feature are numbered after the others.</summary>
    public string NameOf(int image) => image < names.Count ? names[image] : pairs!.Absent[image - names.Count];

    /// <summary>The oddities of a protocol and of the names.</summary>
    /// <param name="issues">What was odd.</param>
    /// <param name="list">The protocol.</param>
    public IReadOnlyList<IssueRecord> Of(VerificationIssues issues, PairList list)
    {
        ArgumentNullException.ThrowIfNull(issues);
        ArgumentNullException.ThrowIfNull(list);
        List<VerificationIssue> all = [.. issues.List()];
        if (pairs?.Misplaced.Count > 0)
            all.Add(new("misplaced_pairs", "pairs are in a position of the other kind in LFW's format", "pair",
                [.. pairs.Misplaced]));
        if (names.Repeated.Count > 0)
            all.Add(new("repeated_names", "images have the name of an earlier one", "image", [.. names.Repeated]));
        // Which pairs are drawn for the folds of all pairs is nobody's business: their images are listed.
        if (pairs is null)
            all.RemoveAll(issue => issue.Unit == "pair");
        return [.. all.Select(issue =>
            new IssueRecord(issue.Kind, issue.What, issue.Unit, issue.Places.Count,
                [.. issue.Places.Select(place => Place(issue.Unit, place, list))]))];
    }

    private IssuePlace Place(string unit, int place, PairList list) => unit switch
    {
        "image" => new IssuePlace(place, null, NameOf(place)),
        "pair" => new IssuePlace(place, pairs!.Lines[place],
            $"{NameOf(list.Pairs[place].First)} {NameOf(list.Pairs[place].Second)}"),
        _ => new IssuePlace(place, null, null),
    };
}
