// What each shell must be told to complete kubectl-rolloutguard. All of them ask `__complete`.

const ASK = "kubectl-rolloutguard __complete";

const BASH = `# bash completion for kubectl-rolloutguard
_kubectl_rolloutguard() {
  local line files=0
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :0) files=1 ;;
      :*) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(${ASK} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $files == 1 ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _kubectl_rolloutguard kubectl-rolloutguard
`;

const ZSH = `#compdef kubectl-rolloutguard
_kubectl_rolloutguard() {
  local line files=0
  local -a found
  while IFS= read -r line; do
    case "$line" in
      :0) files=1 ;;
      :*) ;;
      *) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <(${ASK} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( files )); then _files; else _describe 'kubectl-rolloutguard' found; fi
}
if [ "$funcstack[1]" = "_kubectl_rolloutguard" ]; then
  _kubectl_rolloutguard
else
  compdef _kubectl_rolloutguard kubectl-rolloutguard
fi
`;

const FISH = `# fish completion for kubectl-rolloutguard
function __kubectl_rolloutguard_complete
  set -l found (${ASK} (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  for line in $found
    if test "$line" = ":0"
      __fish_complete_path (commandline -ct)
    else if not string match -q ':*' -- $line
      echo $line
    end
  end
end
complete -c kubectl-rolloutguard -f -a '(__kubectl_rolloutguard_complete)'
`;

/** By the name of the shell. */
export const SHELL_SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
