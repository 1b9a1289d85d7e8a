namespace Atl.Fuzz.Mutation;

/// <summary>Damages an input; the same random numbers give the same damage.</summary>
internal abstract class Mutator
{
    /// <summary>A damaged copy.</summary>
    public abstract byte[] Mutate(byte[] data, Random random);
}
