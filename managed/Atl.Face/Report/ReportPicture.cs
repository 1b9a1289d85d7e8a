using Atl.Face.Datasets;

namespace Atl.Face.Report;

/// <summary>Pictures inside a page.</summary>
internal static class ReportPicture
{
    /// <summary>The picture as a data: address (JPEG: a tenth of the PNG's size for pictures with sensor noise).</summary>
    /// <exception cref="ArgumentException">The sample is neither grey nor colour, or has not as many bytes as its shape says.</exception>
    public static string DataUri(FaceSample sample) => "data:image/jpeg;base64," + Convert.ToBase64String(FacePicture.Jpeg(sample));
}
