using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atl.Generators;

/// <summary>A location in source code that keeps no syntax tree alive.</summary>
internal readonly record struct Place(string File, TextSpan Span, LinePositionSpan Lines)
{
    public static Place Of(AttributeData attribute, CancellationToken cancellation)
    {
        if (attribute.ApplicationSyntaxReference is not { } reference) return default;
        Location location = reference.GetSyntax(cancellation).GetLocation();
        return new Place(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);
    }

    public Location ToLocation() => File is null ? Location.None : Location.Create(File, Span, Lines);
}
