namespace Atl.Proto;

/// <summary>
/// A message that holds its own place in a text file (<see cref="SourceMap"/>). All messages of a net do, for a net may
/// have a hundred thousand layers, and what a table holds beside them is slow to collect.
/// </summary>
internal interface IPlaced
{
    SourceMap.Entry? Place { get; set; }
}

public sealed partial class BlobShape : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class FillerParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class NetParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class MemoryOptimizationParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class NetState : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class NetStateRule : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LayerParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ParamSpec : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class MarginInnerProductParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class CenterLossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LabelSpecificAddParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LabelSpecificRescaleParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class CosinAddmParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class CombinedMarginParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class AdditiveMarginParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class FaceNormalizeParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class FlipParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PermuteParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PriorBoxParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class NonMaximumSuppressionParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SaveOutputParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ResizeParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class DetectionOutputParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ShuffleChannelParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ChannelScaleParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class BNParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ROIPoolingParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SmoothL1LossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class InterpParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class UpsampleParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class TransformationParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class AccuracyParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ArgMaxParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class BatchNormParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class BiasParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ClipParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ConcatParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ContrastiveLossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ConvolutionParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class CropParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class DataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class DropoutParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class DummyDataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class EltwiseParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ELUParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class EmbedParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ExpParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class FlattenParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class HDF5DataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class HDF5OutputParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class HingeLossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ImageDataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class InfogainLossParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class InnerProductParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class InputParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LogParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class LRNParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class MemoryDataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class MVNParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class NormalizeParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ParameterParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PoolingParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PowerParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PReLUParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class PythonParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class RecurrentParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ReductionParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ReLUParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ReshapeParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ScaleParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SigmoidParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SliceParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SoftmaxParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SPPParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class SwishParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class TanHParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class ThresholdParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class TileParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class WindowDataParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class V1LayerParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }

public sealed partial class V0LayerParameter : IPlaced { SourceMap.Entry? IPlaced.Place { get; set; } }
