using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Atl.Proto;

namespace Atl.Cli.LayerReference;

/// <summary>The XML documentation that the compiler writes beside an assembly, as Markdown.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(Dictionary<string, XElement> members) => _members = members;

    /// <summary>The documentation of an assembly.</summary>
    /// <exception cref="AtlException">Its file does not lie beside the program.</exception>
    public static XmlDocs Of(Assembly assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(file))
            throw new AtlException($"{file}: no such file, expected the documentation that is built with the program");
        return new XmlDocs(XDocument.Load(file).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value));
    }

    /// <summary>The text of a part (summary, remarks) of a member (T:…, P:…); empty where there is none.</summary>
    public string Text(string member, string part)
    {
        if (!_members.TryGetValue(member, out XElement? found) || found.Element(part) is not { } element) return "";
        StringBuilder text = new();
        foreach (XNode node in element.Nodes())
            text.Append(node switch
            {
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see =>
                    Regex.Match(see.Attribute("cref")?.Value ?? "", @"\w+$").Value,
                XElement { Name.LocalName: "para" } paragraph => $" {paragraph.Value}",
                XElement other => other.Value,
                _ => node.ToString(),
            });
        return Blanks().Replace(System.Net.WebUtility.HtmlDecode(text.ToString()), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
