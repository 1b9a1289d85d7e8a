namespace Atl.Data;

/// <summary>One labelled image of a data source, not yet decoded.</summary>
/// <param name="Label">The label.</param>
public abstract record BatchItem(float Label)
{
    /// <summary>The place in the source, for messages: the record's key, or the list's line.</summary>
    public abstract string Place { get; }

    /// <summary>Decodes the image; may run on any thread.</summary>
    public abstract ItemImage Open(DatumTransformer transformer);
}
