using Atl.TestSupport;

namespace Atl.Tests;

public sealed class CaffeBehaviourTests : CaffeBehaviourFixture<CaffeBehaviour>;
