using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ImageData: images and labels named by a text file of lines "path label", over and over; with <c>shuffle</c> in a new
/// order each pass, with <c>new_height</c> and <c>new_width</c> resized. With <c>labels</c> above 1 the second top is
/// batch × labels. (Caffe's ImageDataLayer.)
/// </summary>
[LayerType("ImageData")]
internal sealed class ImageDataLayer(LayerParameter parameter, LayerContext context)
    : BatchLayer(parameter, context, "image_data_param",
        (parameter.ImageDataParam ?? new ImageDataParameter()).BatchSize)
{
    private readonly ImageDataParameter _data = parameter.ImageDataParam ?? new ImageDataParameter();

    /// <inheritdoc/>
    protected override IBatchSource OpenSource()
    {
        string source = Source(_data.HasSource, _data.Source, "a file of lines 'path label'");
        if (_data.NewHeight > 0 != _data.NewWidth > 0)
            throw Error($"new_height is {_data.NewHeight} and new_width {_data.NewWidth}, expected both or neither");
        ImageLimits.CheckTarget(_data.NewWidth, _data.NewHeight);
        if (_data.Labels == 0) throw Error("image_data_param.labels is 0, expected a positive number");
        ImageList list = new(source, (int)_data.Labels);
        FindImages(list);
        long skip = DrawSkip(_data.RandSkip);
        if (skip >= list.Images.Count)
            throw Error($"rand_skip chose to skip {skip} images, expected fewer than the list's {list.Images.Count}");
        Logger.Info("image_data_layer.cpp",
            $"A total of {list.Images.Count} images in {source}{(skip > 0 ? $", the first {skip} skipped" : "")}");
        return new ImageListBatchSource(list, _data, skip, _data.Shuffle
            ? Context.CreateStream(StreamName, "shuffle").Key : null);
    }

    // A list that was found by the place of the solver's file names images there too. The first image tells.
    private void FindImages(ImageList list)
    {
        string first = list.Images[0].Path, named = _data.RootFolder + first;
        string? found = NearbyPath.Find(named, list.File, File.Exists);
        if (found is null && _data.RootFolder.Length > 0
            && NearbyPath.Find(Path.Combine(_data.RootFolder, first), list.File, File.Exists) is not null)
            throw Error($"root_folder '{PathText.Show(_data.RootFolder)}' is prepended to the paths of {list.File} as "
                + "written, expected it to end with /");
        if (found is null || found == named) return;
        string root = found[..^first.Length];
        Logger.Info("image_data_layer.cpp",
            $"{named} is not in the working folder: taking the images from {root}, relative to {list.File}");
        _data.RootFolder = root;
    }
}
