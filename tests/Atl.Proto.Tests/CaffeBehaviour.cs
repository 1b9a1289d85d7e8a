using Atl.TestSupport;

namespace Atl.Proto.Tests;

/// <summary>
/// The behaviours of Caffe's files that are easily got wrong. Every member has a test
/// (<see cref="CaffeBehaviourTests"/>), found by <see cref="CaffeBehaviourAttribute"/>.
/// </summary>
public enum CaffeBehaviour
{
    /// <summary>The oldest nets, <c>layers { layer { ... } }</c>.</summary>
    V0Nets,

    /// <summary>Nets of <c>layers { type: CONVOLUTION blobs_lr: 1 weight_decay: 1 }</c>.</summary>
    V1Nets,

    /// <summary>input, input_dim and input_shape at net level.</summary>
    InputsOfTheNet,

    /// <summary>scale, mean_file, crop_size and mirror inside data layers' own messages.</summary>
    TransformationFieldsInDataLayers,

    /// <summary>Old nets give BatchNorm three param entries with a learning rate, which do not count.</summary>
    BatchNormsThreeParams,

    /// <summary>solver_type is an enum in old solvers.</summary>
    SolverTypeEnum,

    /// <summary>What is upgraded on load is said in the log.</summary>
    UpgradesAreSaid,

    /// <summary>A field that the schema lacks: file, line, the field and the nearest known one.</summary>
    UnknownFieldsAreNamed,

    /// <summary>... or a warning where unknown fields are allowed.</summary>
    UnknownFieldsMayBeAllowed,

    /// <summary>mem_param of CaffeMex at net level.</summary>
    MemParam,

    /// <summary>Field 147 is Swish in newer BVLC Caffe, the margin layer in face recognition's fork.</summary>
    Field147,

    /// <summary>Caffe's own caffemodels pack floats in field 5 and hold the Split layers that it inserted.</summary>
    CaffesOwnWeights,
}
