using System.Collections.Frozen;

namespace Atl.Proto;

/// <summary>The layer types of other well-known Caffes that Atl has not, for the messages about them.</summary>
internal static class DialectLayers
{
    private static readonly FrozenDictionary<string, string> Origins = new (string Origin, string[] Types)[]
    {
        ("SSD's Caffe (weiliu89/caffe)", ["AnnotatedData", "DetectionEvaluate", "MultiBoxLoss", "VideoData"]),
        ("R-FCN's Caffe (daijifeng001/caffe-rfcn)", ["BoxAnnotatorOHEM", "PSROIPooling", "SmoothL1LossOHEM",
            "SoftmaxWithLossOHEM"]),
        ("NVIDIA/caffe", ["DetectNetTransformation", "L1Loss", "TRT"]),
        ("alexgkendall/caffe-segnet", ["DenseImageData"]),
        ("hszhao/PSPNet", ["AdaptiveBiasChannel", "BiasChannel", "DenseCRF", "DomainTransform", "ImageSegData",
            "MatRead", "MatWrite", "SegAccuracy",
            "SpatialProduct", "UniqueLabel"]),
        ("eric612/MobileNet-YOLO", ["RegionLoss", "Reorg", "SegmentationEvaluate", "YoloDetectionOutput", "YoloSeg",
            "Yolov3", "Yolov3DetectionOutput"]),
        ("OpenPose's Caffe (CMU-Perceptual-Computing-Lab/caffe_train)", ["CPMData"]),
        ("intel/caffe", ["BoxData", "EvalDetection", "MKLBatchNorm", "MnActivation", "SpatialDropout"]),
        ("MS-CNN's Caffe (zhaoweicai/mscnn)", ["BboxAccuracy", "BoxOutput", "DecodeBBox", "DetectionAccuracy",
            "DetectionLoss", "ImageGtData", "ProposalTarget", "ROIAlign"]),
        ("wy1iu/LargeMargin_Softmax_Loss", ["LargeMarginInnerProduct"]),
        ("xialuxi/arcface-caffe", ["AdaCosAddmScale", "WingLoss"]),
        ("happynear/caffe-windows",
        [
            "Arccos", "BatchContrastiveLoss", "ConfidencePenaltyLoss", "CorrelationLoss", "Cosine", "FCNAccuracy",
            "FocalLoss", "GeneralContrastiveLoss", "GeneralTripletLoss", "GlobalLSEMargin", "Gram", "Hotspot",
            "InnerDistance", "Insanity", "LabelSpecificAffine", "LabelSpecificHardMargin", "LabelSpecificMargin",
            "LabelSpecificStatistics", "Local", "MovingNormalize", "MultiLabelImageData", "NCALoss", "Noise",
            "Pairwise",
            "PredictBox", "Proposal", "Resize", "Slope", "SoftContrastiveLoss", "SoftTruncation", "SubRegion",
            "Transformer", "TripletLoss", "Truncation",
        ]),
    }.SelectMany(entry => entry.Types.Select(type => (type, entry.Origin))).ToFrozenDictionary(entry => entry.type,
        entry => entry.Origin);

    /// <summary>The origin of a layer type; null if unknown.</summary>
    public static string? OriginOf(string type) => Origins.GetValueOrDefault(type);
}
