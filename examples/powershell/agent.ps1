# A whole agent in Windows PowerShell 5.1 (and 7): observe, ask the gateway, execute, report, until the task is done.
#
#   powershell -File examples\powershell\agent.ps1 -Gateway http://127.0.0.1:8080
# Replace Get-Controls and Invoke-Action by what reads and drives a real application through UI Automation. Keep this
# file in ASCII: 5.1 reads scripts without a byte order mark in the local code page.
param([string]$Gateway = 'http://127.0.0.1:8080', [string]$ApiKey = $env:LAM_API_KEY)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# 5.1 offers old TLS versions by default, and asks for a 100 Continue before each body.
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
[Net.ServicePointManager]::Expect100Continue = $false
$task = 'make "Quarterly report" bold'
$document = @{ text = 'Quarterly report'; selected = ''; bold = $false }

# Word's window as UI Automation shows it, Home tab open, in short. In the order of the UI tree. @() keeps lists lists,
# however many elements they have.
function Get-Controls {
    $tabs = 'Home', 'Insert', 'Draw', 'Design', 'Layout', 'References', 'Mailings', 'Review', 'View', 'Help'
    $buttons = 'Increase Font Size', 'Decrease Font Size', 'Clear All Formatting', 'Bold', 'Italic', 'Underline', 'Bullets',
        'Numbering', 'Align Left', 'Center', 'Align Right', 'Justify', 'Find', 'Replace...'
    $listed = @('Save', 'File Tab' | ForEach-Object { @{ type = 'Button'; name = $_ } })
    $listed += @($tabs | ForEach-Object { @{ type = 'TabItem'; name = $_; selected = $_ -eq 'Home' } })
    $listed += @{ type = 'SplitButton'; name = 'Paste' }, @{ type = 'Button'; name = 'Cut' }, @{ type = 'Button'; name = 'Copy' }
    $listed += @{ type = 'ComboBox'; name = 'Font' }, @{ type = 'ComboBox'; name = 'Font Size' }
    $listed += @($buttons | ForEach-Object { @{ type = 'Button'; name = $_ } })
    $listed += @{ type = 'Document'; name = 'Body' }
    foreach ($control in $listed) {
        $control.id = $control.name
        if (@('Bold', 'Italic', 'Underline') -contains $control.name) { $control.selected = $control.name -eq 'Bold' -and $document.bold }
    }
    @($listed)
}

# Returns an empty text, or why it did not work.
function Invoke-Action($action) {
    if ($action.function -eq 'select_text' -and $document.text.Contains($action.args.text)) {
        $document.selected = $action.args.text
    } elseif ($action.function -eq 'click_input' -and $action.control_name -eq 'Bold' -and $document.selected) {
        $document.bold = -not $document.bold
    } elseif ($action.function -ne 'click_input' -or $action.control_name -ne 'Home') { # it is open
        return "cannot $($action.function) '$($action.control_name)'"
    }
    return ''
}

# One call. Repeated with the same request_id, which makes a repeat harmless, and only if the gateway says so.
function Invoke-Gateway([string]$path, [hashtable]$message) {
    $message.request_id = [guid]::NewGuid().ToString('N')
    $headers = @{ 'x-request-timeout-ms' = '30000' }
    if ($ApiKey) { $headers['Authorization'] = "Bearer $ApiKey" }
    # Without -Depth, what is nested deeper than 2 becomes text. As a string, the body would be sent in Latin-1.
    $body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $message -Depth 10 -Compress))
    $request = @{ Uri = "$Gateway$path"; Method = 'Post'; Headers = $headers; Body = $body; TimeoutSec = 35
        ContentType = 'application/json; charset=utf-8'; UseBasicParsing = $true }
    for ($attempt = 1; ; $attempt++) {
        try {
            $answer = Invoke-WebRequest @request
            break
        } catch {
            # No response: no connection. 429 and 503 are worth another attempt, nothing else is.
            $response = if ($_.Exception.PSObject.Properties['Response']) { $_.Exception.Response }
            if ($attempt -eq 5 -or ($response -and @(429, 503) -notcontains [int]$response.StatusCode)) { throw }
            $waitMs = Get-Random -Maximum ([int](200 * [Math]::Pow(2, $attempt)))
            try { $waitMs += [int]@($response.Headers.GetValues('retry-after-ms'))[0] } catch { } # not every answer has it
            Start-Sleep -Milliseconds $waitMs
        }
    }
    # The bytes themselves, because 5.1 guesses at the charset of texts.
    [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | ConvertFrom-Json
}

$session = [guid]::NewGuid().ToString('N')
for ($step = 0; $step -lt 10; $step++) {
    # The gateway remembers the history of a session, so each step sends the task and what is on the screen now.
    $answer = Invoke-Gateway '/v1/actions:predict' @{ session_id = $session; user_request = $task
        app = @{ process_name = 'WINWORD.EXE'; window_title = 'Document1 - Word' }; controls = @(Get-Controls) }
    $action = $answer.action
    Write-Output "$($action.function) $($action.control_name) $($action.status)"
    if ($answer.requires_confirmation) { break } # ask a person first
    if ($action.function) {
        $problem = Invoke-Action $action
        $status = if ($problem) { 'failure' } else { 'success' }
        $null = Invoke-Gateway "/v1/episodes/${session}:reportOutcome" @{ step = $answer.step; result_status = $status; error = $problem }
    }
    if ($action.status -ne 'CONTINUE') { break }
}
$outcome = if ($document.bold) { 'success' } else { 'failure' }
$null = Invoke-Gateway "/v1/episodes/${session}:end" @{ outcome = $outcome }
Write-Output $outcome
