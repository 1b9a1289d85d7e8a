# The doorway to build.cs for PowerShell (5.1 and 7): .\build.ps1 test
Push-Location $PSScriptRoot
try {
    & dotnet run build.cs -- @args
    $code = $LASTEXITCODE
}
finally {
    Pop-Location
}
exit $code
