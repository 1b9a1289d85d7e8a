namespace Atl.Tests.Devices.Cuda;

/// <summary>What the users of the CUDA stand-in hold, as its <c>atl_standin_held</c> counts it.</summary>
internal readonly record struct CudaHoldings(
    long Contexts, long Streams, long Modules, long Events, long BlasHandles, long Blocks);
