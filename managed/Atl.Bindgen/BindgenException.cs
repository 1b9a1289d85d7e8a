namespace Atl.Bindgen;

/// <summary>Something that the generator cannot turn into C#; the message is all that the user is shown.</summary>
internal sealed class BindgenException(string message) : Exception(message);
