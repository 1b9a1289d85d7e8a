namespace Atl;

/// <summary>The numbers that a session stores and computes with.</summary>
public enum Precision
{
    /// <summary>32-bit floating point, as in Caffe; results are the same bits in every run.</summary>
    Float32,
}
