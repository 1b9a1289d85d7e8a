using System.Collections.Frozen;

namespace Atl.Proto;

/// <summary>The fields of other well-known Caffes that text files may hold beside those of the schema: what each is,
/// and what to do about it.</summary>
internal static class DialectFields
{
    private const string Ssd = "SSD's Caffe (weiliu89/caffe)", Nv = "NVIDIA/caffe", Intel = "intel/caffe",
        Happynear = "happynear/caffe-windows",
        PspNet = "hszhao/PSPNet";
    private const string SegNet = "alexgkendall/caffe-segnet", Rfcn = "R-FCN's Caffe (daijifeng001/caffe-rfcn)",
        Yolo = "eric612/MobileNet-YOLO",
        Arcface = "xialuxi/arcface-caffe";
    private const string Mscnn = "MS-CNN's Caffe (zhaoweicai/mscnn)", Augmentation = "twtygqyy/caffe-augmentation";
    private const string OpenPose = "OpenPose's Caffe (CMU-Perceptual-Computing-Lab/caffe_train)",
        Tsn = "yjxiong/caffe";
    private const string Numbers = "it chooses number formats or algorithms there, everything is float32 here";
    private const string Loading = "it steers how records are loaded there, not which";
    private const string ItsLayer = "its layer type is not here";
    private const string Resized = "data layers here do not change images' size or colors; let convert_imageset "
        + "-resize_height -resize_width write a "
        + "database of the right size, and take the field out";
    private const string Smoothing = "labels are not smoothed in SoftmaxWithLoss; InfogainLoss has a matrix that can";
    private const string Augmented =
        "data layers here do not change images at random; change them before convert_imageset, and take the field out";
    private const string Crops = "crops here are squares: give crop_size";

    private static readonly FrozenDictionary<(string, string), DialectField> All = Entries()
        .ToFrozenDictionary(field => (field.Message, field.Name));

    /// <summary>All of them.</summary>
    public static IEnumerable<DialectField> Known => All.Values;

    /// <summary>Finds a field that the schema lacks; null if it is unknown.</summary>
    public static DialectField? Find(string message, string name) => All.GetValueOrDefault((message, name));

    /// <summary>The origin of a value of the engine fields; null if unknown.</summary>
    public static string? OriginOfEngine(string value) => value is "MKL2017" or "MKLDNN" ? Intel : null;

    /// <summary>Finds a value that an enum of the schema lacks; null if it is unknown.</summary>
    public static string? FindValue(string type, string value) => (type, value) switch
    {
        ("NormalizationMode", "PRE_FIXED") =>
            $"'{value}' is a value of {Rfcn}: give loss_weight, the desired fraction, and normalization: NONE",
        _ => null,
    };

    private static IEnumerable<DialectField> Entries() =>
    [
        .. Fields("LayerParameter", Nv, true, Numbers, "forward_type", "backward_type", "forward_math", "backward_math",
            "cudnn_math_override"),
        .. Fields("LayerParameter", Nv, true, "it logs there", "debug"),
        .. Fields("LayerParameter", Intel, true, "it chooses an implementation, or spreads work over machines",
            "engine", "multinode", "mn_activation_param",
            "mn_grad_compress_param"),
        .. Fields("LayerParameter", Intel, true, "it rounds to few bits there, everything is float32 here",
            "quantization_param"),
        .. Fields("LayerParameter", Ssd, true, ItsLayer, "annotated_data_param", "detection_evaluate_param",
            "multibox_loss_param", "video_data_param"),
        .. Fields("LayerParameter", Nv, true, ItsLayer, "trt_param", "detectnet_groundtruth_param",
            "detectnet_augmentation_param"),
        .. Fields("LayerParameter", SegNet, true, ItsLayer, "dense_image_data_param"),
        .. Fields("LayerParameter", Rfcn, true, ItsLayer, "box_annotator_ohem_param", "psroi_pooling_param"),
        .. Fields("LayerParameter", OpenPose, true, ItsLayer, "cpm_transform_param"),
        .. Fields("LayerParameter", Yolo, true, ItsLayer, "region_loss_param", "yolov3_param", "yolo_seg_param",
            "segmentation_evaluate_param",
            "yolo_detection_output_param", "yolov3_detection_output_param", "reorg_param"),
        .. Fields("LayerParameter", Yolo, false, "ReLU6 has no parameters here; remove the field", "relu6_param"),
        .. Fields("LayerParameter", Happynear, false,
            "give smooth_l1_loss_param { sigma: … }, sigma² being one over its turn_point", "smoothl1_param"),
        .. Fields("LayerParameter", Happynear, true, ItsLayer, "local_param", "insanity_param", "triplet_loss_param",
            "eltwise_affine_param",
            "sub_region_param", "noise_param", "hotspot_param", "predict_box_param", "fcn_data_param",
            "inner_distance_param",
            "general_contrastive_loss_param", "soft_contrastive_loss_param", "general_triplet_loss_param",
            "soft_truncation_param", "proposal_param",
            "pairwise_param", "batch_contrastive_loss_param", "truncation_param", "nca_param",
            "largemargin_inner_product_param", "infimum_loss_param",
            "ordinal_regression_loss_param", "resize_param", "feature_decay_loss_param",
            "confidence_penalty_loss_param", "focal_loss_param",
            "label_specific_margin_param", "label_specific_affine_param", "label_specific_hard_margin_param"),
        .. Fields("LayerParameter", PspNet, true, ItsLayer, "adaptive_bias_channel_param", "bias_channel_param",
            "dense_crf_param", "domain_transform_param",
            "mat_read_param", "mat_write_param", "seg_accuracy_param", "unique_label_param"),
        .. Fields("LayerParameter", Arcface, true, ItsLayer, "detection_loss_param", "st_param", "st_loss_param",
            "rpn_param", "asdn_data_param",
            "mtcnn_data_param", "deformable_convolution_param", "additive_margin_inner_product_param",
            "cosin_mul_m_param", "coupled_cluster_loss_param"),
        .. Fields("LayerParameter", Arcface, true, ItsLayer, "adacos_add_m_scale_param", "wing_loss_param"),
        .. Fields("LayerParameter", Tsn, true, ItsLayer, "seg_data_param", "batch_reduction_param"),
        .. Fields("LayerParameter", Mscnn, true, ItsLayer, "image_gt_data_param", "detection_accuracy_param",
            "box_output_param", "proposal_target_param", "bbox_reg_param", "decode_bbox_param", "roi_align_param"),
        .. Fields("LayerParameter", Intel, true, ItsLayer, "spatial_dropout_param", "eval_detection_param"),
        .. Fields("LayerParameter", Intel, true, "it chooses an implementation", "split_param"),
        .. Fields("LayerParameter", Happynear, true, ItsLayer, "mil_data_param", "mil_param"),

        .. Fields("NetParameter", Nv, true, Numbers, "default_forward_type", "default_backward_type",
            "default_forward_math", "default_backward_math",
            "default_conv_algos_override", "default_cudnn_math_override", "global_grad_scale",
            "global_grad_scale_adaptive"),
        .. Fields("NetParameter", Nv, true, "it shares memory, or sums up gradients of several GPUs", "reduce_buckets",
            "eltwise_mem_sharing"),
        .. Fields("NetParameter", Intel, true, "it chooses an implementation, or spreads work over machines", "engine",
            "compile_net_state", "multinode"),
        .. Fields("NetParameter", Intel, false,
            "BatchNorm takes the statistics of the whole batch here; remove the field", "bn_stats_batch_size"),

        .. Fields("SolverParameter", Ssd, true,
            "it says how DetectionEvaluate's outputs are summed up in tests; here every output is shown as its mean",
            "eval_type", "ap_version", "show_per_class_result"),
        .. Fields("SolverParameter", Ssd, false,
            "it belongs to lr_policy \"plateau\", which is not here: give \"multistep\" and stepvalue",
            "plateau_winsize"),
        .. Fields("SolverParameter", Nv, true, Numbers, "solver_data_type", "store_blobs_in_old_format"),
        .. Fields("SolverParameter", Nv, false,
            "this schedule is not here: give lr_policy and its fields, momentum and weight_decay", "rampup_interval",
            "rampup_lr", "min_lr", "momentum_policy", "max_momentum", "momentum_power", "larc", "larc_policy",
            "larc_eta", "larc_turbo",
            "weight_decay_policy", "weight_decay_power", "max_weight_decay", "test_and_snapshot_last_epochs"),
        .. Fields("SolverParameter", Yolo, false,
            "it belongs to lr_policy \"multifixed\", which is not here: give \"multistep\" and stepvalue", "stagelr",
            "stageiter"),
        .. Fields("SolverParameter", Happynear, false, "weights are not clamped here; remove the field",
            "clamp_weights_lower", "clamp_weights_upper",
            "clip_weights"),
        .. Fields("SolverParameter", Intel, true, "it chooses an implementation", "engine", "disabled_update"),
        .. Fields("SolverParameter", Intel, false, "this schedule is not here: give lr_policy and its fields",
            "warmup_iter", "warmup_start_lr",
            "local_lr_auto", "local_gw_ratio", "test_offset"),
        .. Fields("SolverParameter", Tsn, true, "it groups GPUs, or says how much memory to use", "group_id",
            "richness"),

        .. Fields("TransformationParameter", Ssd, false, Resized, "resize_param", "noise_param", "distort_param",
            "expand_param", "emit_constraint"),
        .. Fields("TransformationParameter", Ssd, false, Crops, "crop_h", "crop_w"),
        .. Fields("TransformationParameter", PspNet, false, Crops, "crop_width", "crop_height"),
        .. Fields("TransformationParameter", PspNet, false, Resized, "scale_factors"),
        .. Fields("TransformationParameter", Nv, true, Loading, "use_gpu_transform", "forward_packing", "display"),
        .. Fields("TransformationParameter", Nv, false, Resized, "img_rand_resize_lower", "img_rand_resize_upper",
            "rand_resize_ratio_lower",
            "rand_resize_ratio_upper", "vertical_stretch_lower", "vertical_stretch_upper", "horizontal_stretch_lower",
            "horizontal_stretch_upper",
            "interpolation_algo_down", "interpolation_algo_up", "allow_upscale", "num_labels", "random_seed"),
        .. Fields("TransformationParameter", Happynear, false, Resized, "center_crop", "erase_ratio", "scale_min",
            "scale_max", "aspect_min", "aspect_max"),
        .. Fields("TransformationParameter", Intel, false, Resized, "random_resize_param", "random_aspect_ratio_param",
            "bgr2rgb", "pad"),
        .. Fields("TransformationParameter", Tsn, false, Resized, "fix_crop", "more_fix_crop", "multi_scale",
            "scale_ratios", "max_distort", "is_flow",
            "original_image", "upper_size", "upper_height", "upper_width"),

        .. Fields("TransformationParameter", Augmentation, false, Augmented, "contrast_brightness_adjustment",
            "smooth_filtering", "min_contrast", "max_contrast", "max_brightness_shift", "max_smooth", "max_color_shift",
            "apply_probability", "max_rotation_angle"),
        .. Fields("TransformationParameter", Augmentation, false, Resized, "min_side", "min_side_min", "min_side_max"),
        .. Fields("TransformationParameter", Augmentation, true, "it logs there", "debug_params"),
        .. Fields("TransformationParameter", Intel, false, Augmented, "flow"),

        .. Fields("DataParameter", Yolo, false, "boxes of a grid are not made from labels here", "side"),
        .. Fields("DataParameter", Nv, true, Loading, "threads", "parser_threads", "cache", "precache"),
        .. Fields("DataParameter", Nv, false,
            "databases are read in their order: convert_imageset -shuffle mixes them when it writes them", "shuffle"),
        .. Fields("ImageDataParameter", Nv, true, Loading, "threads", "cache", "precache"),
        .. Fields("ImageDataParameter", Nv, false, "give new_height and new_width", "short_side",
            "dataset_share_per_node"),
        .. Fields("ImageDataParameter", Happynear, false,
            "images are not rotated or stretched here; atl align aligns faces", "face_transform",
            "max_shear_ratio", "max_aspect_ratio", "max_rotate_angle", "min_random_scale", "max_random_scale",
            "max_random_shift", "face_mirror",
            "face_point_num", "balance_class", "balance_by", "label_cut_start", "label_cut_end"),
        .. Fields("ImageDataParameter", PspNet, false, "images of labels are not read here", "label_type",
            "ignore_label"),
        .. Fields("ImageDataParameter", Intel, false, "give new_height and new_width", "min_height", "min_width"),

        .. Fields("MemoryDataParameter", Happynear, false,
            "images are not rotated here; write their height and width as they are in memory", "transpose"),
        .. Fields("FillerParameter", Intel, false,
            "give type: \"gaussian\" and std, for MSRA's deviation has no factor here", "scale"),
        .. Fields("FillerParameter", Happynear, false,
            "take a filler of BVLC Caffe's: constant, uniform, gaussian, xavier, msra", "alpha"),
        .. Fields("FillerParameter", Arcface, false, "give -weights a caffemodel: fillers read no files here", "file"),
        .. Fields("AccuracyParameter", Happynear, true, "it selects the best test there", "min_is_better"),

        .. Fields("LossParameter", Rfcn, false, "give loss_weight, the desired fraction, and normalization: NONE",
            "pre_fixed_normalizer"),
        .. Fields("LossParameter", SegNet, false,
            "classes have no weights in SoftmaxWithLoss; InfogainLoss has a matrix of them", "weight_by_label_freqs",
            "class_weighting"),
        .. Fields("LossParameter", Nv, false, Smoothing, "label_smoothing"),

        .. Fields("BatchNormParameter", Nv, true, "it chooses an implementation", "engine"),
        .. Fields("BatchNormParameter", Nv, false, "put a Scale layer with bias_term: true after it", "scale_bias",
            "scale_filler", "bias_filler"),
        .. Fields("BatchNormParameter", Intel, false, "put a Scale layer with bias_term: true after it, and a ReLU",
            "use_weight_bias", "bias_term",
            "filler", "relu", "stats_batch_size"),
        .. Fields("BatchNormParameter", Happynear, false, "Scale and Bias alone scale and shift", "disable_mean",
            "disable_variance"),
        .. Fields("BatchNormParameter", PspNet, false, "use_global_stats says which statistics are used",
            "update_global_stats"),

        .. Fields("ConvolutionParameter", Nv, true, Numbers, "cudnn_convolution_algo_seeker", "conv_algos_override"),
        .. Fields("ConvolutionParameter", Intel, true, "it chooses an algorithm", "conv_algorithm"),
        .. Fields("ConvolutionParameter", Intel, false, "put a ReLU or Eltwise layer after it", "relu",
            "negative_slope", "coeff", "fusion_type"),
        .. Fields("ConvolutionParameter", Happynear, false, "convolutions are not shifted here; Crop cuts",
            "shape_offset"),
        .. Fields("ConvolutionParameter", Tsn, false, "give dilation twice, for height and width", "dilation_h",
            "dilation_w"),
        .. Fields("InnerProductParameter", Intel, true, "it chooses an implementation", "engine"),
        .. Fields("InnerProductParameter", Intel, false, "put a ReLU layer after it", "relu", "negative_slope"),
        .. Fields("ConcatParameter", Intel, true, "it chooses an implementation", "engine"),
        .. Fields("ConcatParameter", Intel, false,
            "put Permute (order 0, 2, 3, 1) and Flatten before each bottom, which it does on the way", "per_fla_fuse"),
        .. Fields("EltwiseParameter", Intel, true, "it chooses an implementation", "engine"),
        .. Fields("ReLUParameter", Intel, true, "it chooses an implementation", "fuse"),
        .. Fields("DropoutParameter", Nv, true,
            "it chooses an implementation; random_seed of the solver seeds every draw", "engine", "random_seed"),
        .. Fields("DropoutParameter", SegNet, false, "tests draw no masks here; remove the field if it is false",
            "sample_weights_test"),
        .. Fields("DropoutParameter", Rfcn, false, "scaled in training here: remove the field if it is true",
            "scale_train"),
        .. Fields("DropoutParameter", Happynear, false,
            "scaled by 1 / (1 - ratio) here: remove the field if it is false", "sqrt_scale"),
        .. Fields("ELUParameter", Nv, false, "put a Power layer with this scale after it", "lambda"),
        .. Fields("PoolingParameter", Nv, false, "set round_mode: FLOOR instead of torch_pooling: true",
            "torch_pooling"),
        .. Fields("PoolingParameter", Intel, false, "padding counts in averages here, and pooling has two axes",
            "avg_include_pad", "axis", "pad_3d",
            "kernel_size_3d", "stride_3d"),
        .. Fields("ParameterParameter", Happynear, false,
            "it fills the class rows of NormFace, which InnerProduct reads as a second bottom there; "
            + "give InnerProduct weights of its own, with inner_product_param { normalize: true }, and take the "
                + "Parameter layer and its Normalize out",
            "blob_filler"),
        .. Fields("ROIPoolingParameter", Mscnn, false, "boxes are not widened here", "pad_ratio"),
        .. Fields("ROIPoolingParameter", Intel, false, "give pooled_h and pooled_w", "pooled_size"),
        .. Fields("ScaleParameter", Happynear, false,
            "put a Clip layer or none after it: parameters have no bounds here", "min_value", "max_value"),
        .. Fields("SoftmaxParameter", Happynear, false,
            "SoftmaxWithLoss has no mining and no class weights here", "hard_ratio", "class_weight",
            "hard_mining_label", "cutting_point"),
        .. Fields("SoftmaxParameter", Happynear, false,
            "its losses can take L1 or L2 norms of the scores there; SoftmaxWithLoss takes their softmax alone",
            "normalize_type"),
        .. Fields("SoftmaxParameter", Happynear, false, Smoothing, "label_smooth_factor"),
        .. Fields("ReshapeParameter", Intel, false, "Reshape moves no values; remove the field", "pixelshuffler"),
    ];

    private static IEnumerable<DialectField> Fields(string message, string origin, bool isHarmless, string advice,
        params string[] names) =>
        names.Select(name => new DialectField(message, name, origin, isHarmless, advice)
        {
            Neutral = NeutralValues.Of(message, name),
        });
}
