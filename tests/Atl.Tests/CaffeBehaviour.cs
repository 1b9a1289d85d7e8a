using Atl.TestSupport;

namespace Atl.Tests;

/// <summary>
/// The behaviours of Caffe's engine that are easily got wrong. Every member has a test
/// (<see cref="CaffeBehaviourTests"/>), found by <see cref="CaffeBehaviourAttribute"/>.
/// </summary>
public enum CaffeBehaviour
{
    // The net.

    /// <summary>include and exclude by phase, min_level, max_level, stage and not_stage.</summary>
    RulesOfLayers,

    /// <summary>The solver's train_state and test_state reach the rules.</summary>
    StatesOfTheSolver,

    /// <summary>A top with several readers is split, and the gradients are summed.</summary>
    SplitTops,

    /// <summary>A layer may write over its bottom.</summary>
    InPlaceLayers,

    /// <summary>A loss layer's first top has weight 1 unless loss_weight says otherwise.</summary>
    LossWeightByDefault,

    /// <summary>Any top of any layer may have a loss_weight.</summary>
    LossWeightOfAnyTop,

    /// <summary>Backward runs only where a parameter or force_backward needs it.</summary>
    BackwardWhereNeeded,

    /// <summary>force_backward leaves out bottoms that have no gradient (labels, indices), where BVLC Caffe
    /// ends.</summary>
    ForceBackwardBesideLabels,

    /// <summary>propagate_down: false stops the gradient.</summary>
    PropagateDownFalse,

    /// <summary>propagate_down: true starts no backward unless something upstream learns.</summary>
    PropagateDownTrue,

    /// <summary>lr_mult: 0 means no work on that gradient.</summary>
    LrMultZero,

    /// <summary>Parameters of one name are one, their gradients summed.</summary>
    SharedParameters,

    /// <summary>share_mode STRICT asks for equal shapes.</summary>
    StrictSharing,

    /// <summary>share_mode PERMISSIVE asks for equal counts alone.</summary>
    PermissiveSharing,

    /// <summary>Weights are copied by layer name; layers that the net lacks are passed over.</summary>
    WeightsByLayerName,

    /// <summary>Weights of another shape are refused; the message has both shapes.</summary>
    WeightsOfAnotherShape,

    /// <summary>num, channels, height, width equal their squeezed shape.</summary>
    LegacyShapes,

    /// <summary>Weights may be stored as doubles.</summary>
    DoubleWeights,

    /// <summary>A top made again, not in place, is an error with both layers' names.</summary>
    TopsMadeTwice,

    // Layers.

    /// <summary>A convolution's output size is rounded down.</summary>
    ConvolutionSizesFloor,

    /// <summary>Convolution in any number of dimensions, with groups and dilation.</summary>
    ConvolutionOfAnyDimension,

    /// <summary>Kernel, stride and pad: once, once for each axis, or _h and _w; axis says where space begins.</summary>
    ConvolutionFields,

    /// <summary>Deconvolution is convolution's transpose.</summary>
    DeconvolutionIsTheTranspose,

    /// <summary>A pooling's output size is rounded up, down where round_mode says so.</summary>
    PoolingSizesCeil,

    /// <summary>A last window that would start in the padding is dropped.</summary>
    PoolingWindowInThePadding,

    /// <summary>Without padding a last window can lie outside the image: BVLC Caffe reads beyond it; here it is
    /// dropped.</summary>
    PoolingWindowBeyondTheImage,

    /// <summary>Average pooling divides by the window's area within the padded image.</summary>
    AverageOverThePaddedImage,

    /// <summary>Max pooling starts at -FLT_MAX.</summary>
    MaxPoolingStartsLow,

    /// <summary>Among equals max pooling takes the first.</summary>
    MaxPoolingTies,

    /// <summary>global_pooling takes the whole image, whatever its size.</summary>
    GlobalPooling,

    /// <summary>Stochastic pooling draws in TRAIN and takes the expectation in TEST.</summary>
    StochasticPoolingByPhase,

    /// <summary>InnerProduct's axis.</summary>
    InnerProductAxis,

    /// <summary>InnerProduct's transpose stores the weights K x N.</summary>
    InnerProductTranspose,

    /// <summary>Softmax along any axis.</summary>
    SoftmaxAxis,

    /// <summary>The loss is divided by VALID (the default), FULL, BATCH_SIZE or NONE; normalize: false is
    /// BATCH_SIZE.</summary>
    SoftmaxLossNormalization,

    /// <summary>The divisor is at least 1, also where every label is ignored.</summary>
    LossDivisorAtLeastOne,

    /// <summary>-ln(FLT_MIN) = 87.3365 is the most that a sample costs.</summary>
    LargestSoftmaxLoss,

    /// <summary>SoftmaxWithLoss' second top holds the probabilities; BVLC Caffe cannot build it without two
    /// loss_weights.</summary>
    SoftmaxLossSecondTop,

    /// <summary>Accuracy's top_k and ignore_label.</summary>
    AccuracyTopK,

    /// <summary>Accuracy's second top: the share for each class.</summary>
    AccuracyPerClass,

    /// <summary>A score that equals the label's counts against it.</summary>
    AccuracyTies,

    /// <summary>Dropout scales by 1 / (1 - ratio) at training.</summary>
    DropoutScale,

    /// <summary>LRN across channels.</summary>
    LrnAcrossChannels,

    /// <summary>LRN within a channel, which ignores k.</summary>
    LrnWithinChannel,

    /// <summary>BatchNorm stores the mean, the unbiased variance and the factor by which both are to be
    /// divided.</summary>
    BatchNormRunningStatistics,

    /// <summary>BatchNorm uses stored statistics in TEST, and wherever use_global_stats says so.</summary>
    BatchNormGlobalStats,

    /// <summary>moving_average_fraction 0.999, eps 1e-5.</summary>
    BatchNormDefaults,

    /// <summary>No solver updates BatchNorm's blobs.</summary>
    BatchNormLearnsNothing,

    /// <summary>BatchNorm takes no bottom of one axis.</summary>
    BatchNormOfOneAxis,

    /// <summary>Scale and Bias broadcast from axis on over num_axes.</summary>
    ScaleAndBiasAxes,

    /// <summary>PReLU's slopes start at 0.25.</summary>
    PReLUFiller,

    /// <summary>PReLU's channel_shared.</summary>
    PReLUChannelShared,

    /// <summary>ELU's alpha.</summary>
    Elu,

    /// <summary>Power: (shift + scale x)^power.</summary>
    Power,

    /// <summary>Exp and Log: a base of -1 is e.</summary>
    BaseMinusOne,

    /// <summary>Eltwise SUM with coeff.</summary>
    EltwiseCoefficients,

    /// <summary>Eltwise PROD with a zero among the factors, for either stable_prod_grad.</summary>
    EltwiseProductGradient,

    /// <summary>In Eltwise MAX a tie of the first two goes to the second bottom.</summary>
    EltwiseMaxTies,

    /// <summary>Reshape: 0 copies, -1 is inferred, axis and num_axes.</summary>
    Reshape,

    /// <summary>Reshape's axis -1 inserts after the last axis.</summary>
    ReshapeAxisMinusOne,

    /// <summary>Flatten's axis and end_axis.</summary>
    Flatten,

    /// <summary>Slice's slice_point.</summary>
    SlicePoint,

    /// <summary>Concat along any axis.</summary>
    ConcatAxis,

    /// <summary>Crop's axis and offsets.</summary>
    CropOffsets,

    /// <summary>Tile.</summary>
    Tile,

    /// <summary>Embed: rows by their number, and a bias.</summary>
    Embed,

    /// <summary>ArgMax's out_max_val, with and without axis.</summary>
    ArgMaxOutMaxVal,

    /// <summary>ArgMax lists the larger index first among equals.</summary>
    ArgMaxTies,

    /// <summary>Filter's tops keep the full batch until the first forward.</summary>
    FilterBeforeForward,

    /// <summary>MVN adds eps to the standard deviation, not to the variance.</summary>
    MvnEps,

    /// <summary>constant, uniform, gaussian, positive_unitball, xavier, msra, bilinear.</summary>
    Fillers,

    /// <summary>gaussian's sparse.</summary>
    SparseFiller,

    /// <summary>xavier's and msra's variance_norm: FAN_IN, FAN_OUT, AVERAGE.</summary>
    VarianceNorm,

    /// <summary>The bilinear filler with a Deconvolution enlarges images.</summary>
    BilinearFiller,

    /// <summary>Euclidean: half the squared distance for each sample.</summary>
    EuclideanLoss,

    /// <summary>Hinge by L1 and L2.</summary>
    HingeLoss,

    /// <summary>SigmoidCrossEntropy's normalisation.</summary>
    SigmoidLossNormalization,

    /// <summary>Infogain with its matrix from a file or a bottom.</summary>
    InfogainMatrix,

    /// <summary>Contrastive's legacy_version: margin - d^2 in the place of (margin - d)^2.</summary>
    ContrastiveLegacyVersion,

    /// <summary>MultinomialLogistic.</summary>
    MultinomialLoss,

    /// <summary>RNN and LSTM: cont of 0 begins a sequence.</summary>
    RecurrentCont,

    /// <summary>expose_hidden: first states in, last states out; the first states' gradient is 0.</summary>
    RecurrentExposedStates,

    /// <summary>An input that is the same at each step.</summary>
    RecurrentStaticInput,

    /// <summary>Normalize is two layers in the wild: unit rows, and SSD's with its scale.</summary>
    TwoNormalizeLayers,

    // Data.

    /// <summary>(pixel - mean) * scale.</summary>
    TransformScale,

    /// <summary>mean_value: one, or one a channel.</summary>
    MeanValues,

    /// <summary>mean_file is cropped and mirrored with its image.</summary>
    MeanFile,

    /// <summary>crop_size: random in TRAIN, the centre in TEST.</summary>
    Crop,

    /// <summary>mirror acts in both phases.</summary>
    Mirror,

    /// <summary>force_color and force_gray.</summary>
    ForcedColours,

    /// <summary>Images are blue-green-red, planar.</summary>
    BlueGreenRedPlanes,

    /// <summary>A Datum is encoded, raw bytes or float_data.</summary>
    KindsOfDatum,

    /// <summary>rand_skip.</summary>
    RandSkip,

    /// <summary>ImageData's shuffle, anew each pass.</summary>
    ShuffledImages,

    /// <summary>ImageData's new_height and new_width.</summary>
    ResizedImages,

    /// <summary>LevelDB is the default backend.</summary>
    LevelDbByDefault,

    // Solvers.

    /// <summary>SGD, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam.</summary>
    SolverRules,

    /// <summary>Adam corrects its moments' bias: the first step is the learning rate.</summary>
    AdamBiasCorrection,

    /// <summary>fixed, step, exp, inv, multistep, poly, sigmoid.</summary>
    LearningRatePolicies,

    /// <summary>multistep advances at most one step an iteration, and the state keeps current_step.</summary>
    MultistepOneStepAtATime,

    /// <summary>iter_size accumulates and divides.</summary>
    IterSize,

    /// <summary>Clipping is by the L2 norm over all parameters, before the division by iter_size.</summary>
    ClipBeforeDividing,

    /// <summary>regularization_type L2 and L1, times decay_mult.</summary>
    Regularization,

    /// <summary>Decay acts on PReLU's slopes too (decay_mult 1 by default).</summary>
    PReLUDecays,

    /// <summary>The rate times lr_mult, which the history holds.</summary>
    LrMultInTheHistory,

    /// <summary>average_loss smooths the loss shown.</summary>
    AverageLoss,

    /// <summary>debug_info.</summary>
    DebugInfo,

    /// <summary>test_initialization: false.</summary>
    TestInitialization,

    /// <summary>test_compute_loss.</summary>
    TestComputeLoss,

    /// <summary>PREFIX_iter_N.caffemodel[.h5] and .solverstate[.h5]; N counts finished updates.</summary>
    SnapshotNames,

    /// <summary>The state's fields: iter, learned_net, history, current_step.</summary>
    SolverStateFields,

    /// <summary>Scripts parse the lines of training and testing.</summary>
    SolverLogLines,

    /// <summary>The margin layer's count of forwards survives a resume.</summary>
    MarginCountSurvives,

    /// <summary>A resumed run is bit for bit the run that was not interrupted, data order and draws too.</summary>
    ResumeIsExact,
}
