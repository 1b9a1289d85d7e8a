namespace Atl.Face.Verification;

/// <summary>Finds what a record that was read from a file must not hold, since no verification comes to it.</summary>
internal static class VerificationRecordCheck
{
    /// <summary>The fault, with the member that has it; null where there is none.</summary>
    public static string? Fault(VerificationRecord record)
    {
        (PairSource pairs, AngleCounts angles) = (record.Pairs, record.Angles);
        if (pairs.Genuine < 0 || pairs.Impostor < 0 || pairs.Unscored < 0) return "pairs: a negative number of pairs";
        if (HasNull(record.TarAtFar)) return "tar_at_far: null";
        if (!(angles.Width > 0 && double.IsFinite(angles.Width))) return $"angles: a width of {angles.Width} degrees";
        if (angles.Genuine.Concat(angles.Impostor).Any(count => count < 0)) return "angles: a negative count";
        if (HasNull(record.Hardest.Genuine) || HasNull(record.Hardest.Impostor)) return "hardest: null";
        if (record.Accuracy is { Folds.Count: 0 } || record.Insightface is { Folds.Count: 0 })
            return "accuracy without folds";
        if (HasNull(record.Issues) || record.Issues.Any(issue => HasNull(issue.Places))) return "issues: null";
        return record.Projection is { } projection ? Fault(projection) : null;
    }

    private static string? Fault(ProjectionRecord projection)
    {
        if (projection.People.Count == 0 || HasNull(projection.People)) return "projection: no identities, or null";
        if (projection.People.Any(person => person.Images.Count == 0)) return "projection: an identity without images";
        return projection.People.SelectMany(person => person.Images).All(image => double.IsFinite(image.X)
            && double.IsFinite(image.Y))
            ? null : "projection: a position that is not finite";
    }

    // JSON may hold null for any element of a list, whatever the list's type says.
    private static bool HasNull<T>(IEnumerable<T> elements)
        where T : class => elements.Any(element => element is null);
}
