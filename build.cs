#!/usr/bin/env dotnet
// The one build program: dotnet run build.cs -- help. Its commands are in managed/Atl.Build/BuildCommands.cs.
#:property PublishAot=false
#:project managed/Atl.Build

return Atl.Build.BuildProgram.Run(args);
