using Atl.Solvers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Demo;

/// <summary>The size of the demonstration.</summary>
internal sealed record FaceDemoOptions
{
    /// <summary>The solver; its training net reads an LMDB named train_lmdb below <see cref="OutputFolder"/>.</summary>
    public string Solver { get; init; } = "examples/demo/face_solver.prototxt";

    /// <summary>The embedding net without data and loss.</summary>
    public string Deploy { get; init; } = "examples/demo/face_deploy.prototxt";

    /// <summary>The folder for the face set, the snapshots and the report.</summary>
    public string OutputFolder { get; init; } = "build/demo";

    /// <summary>The number of identities to train on: the margin layer's num_output.</summary>
    public int TrainIdentities { get; init; } = 400;

    /// <summary>Images of each trained person.</summary>
    public int ImagesPerIdentity { get; init; } = 16;

    /// <summary>The number of identities to verify; none of them is trained on.</summary>
    public int VerifyIdentities { get; init; } = 100;

    /// <summary>Images of each verified person.</summary>
    public int VerifyImagesPerIdentity { get; init; } = 8;

    /// <summary>The log of the solver and its nets (<see cref="SolverOptions.Logger"/>). The default logs nothing.
    /// Called by several threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Names the population of faces.</summary>
    public ulong Seed { get; init; } = 2017;
}
