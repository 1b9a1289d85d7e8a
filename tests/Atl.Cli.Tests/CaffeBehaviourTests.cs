using Atl.TestSupport;

namespace Atl.Cli.Tests;

public sealed class CaffeBehaviourTests : CaffeBehaviourFixture<CaffeBehaviour>;
