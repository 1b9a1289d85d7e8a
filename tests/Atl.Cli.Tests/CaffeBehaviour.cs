using Atl.TestSupport;

namespace Atl.Cli.Tests;

/// <summary>
/// The behaviours of Caffe's command line that are easily got wrong. Every member has a test
/// (<see cref="CaffeBehaviourTests"/>), found by <see cref="CaffeBehaviourAttribute"/>.
/// </summary>
public enum CaffeBehaviour
{
    /// <summary>Flags take one dash or two, a blank or an equals sign.</summary>
    FlagsOfGflags,

    /// <summary>The words of the log that scripts parse, behind glog's prefix, on standard error.</summary>
    LogLines,

    /// <summary><c>caffe test</c>'s lines: each batch's scores, then the means.</summary>
    TestLines,

    /// <summary><c>caffe time</c>'s lines.</summary>
    TimeLines,

    /// <summary>-level and -stage of the command line reach the rules.</summary>
    StagesOfTheCommandLine,

    /// <summary>-weights a,b: several caffemodels, one after the other.</summary>
    SeveralWeights,

    /// <summary>SIGINT stops with a snapshot, SIGHUP takes one and goes on; both can be told otherwise.</summary>
    Signals,

    /// <summary>A caffemodel given as -snapshot, which people do, is explained.</summary>
    WeightsAsSnapshot,

    /// <summary>convert_imageset's keys: the line's number with eight digits, an underscore, the path.</summary>
    ConvertImagesetKeys,

    /// <summary>compute_image_mean writes 1 x channels x height x width and logs a mean a channel.</summary>
    ImageMean,

    /// <summary>extract_features' lists of blobs with commas, keys of ten digits, rows as float_data.</summary>
    ExtractedFeatures,

    /// <summary>The three upgrade tools.</summary>
    UpgradeTools,

    /// <summary>parse_log's columns: NumIters, Seconds, LearningRate, then the outputs.</summary>
    ParsedLogColumns,
}
