namespace Atl.Data;

/// <summary>One labeled sample of a data source, not yet decoded.</summary>
/// <param name="Labels">The labels: one, or as many as every sample of the source has.</param>
internal abstract record BatchItem(ReadOnlyMemory<float> Labels)
{
    /// <summary>The place in the source, for messages: the record's key, or the list's line.</summary>
    public abstract string Place { get; }

    /// <summary>Decodes the sample; may run on any thread.</summary>
    /// <param name="transformer">What transform_param asks for.</param>
    /// <param name="number">The sample's number in the run: what is drawn for it depends on that.</param>
    public abstract BatchSample Open(DatumTransformer transformer, long number);
}
