# Completion of sprinkle(1) for bash: options, names of the hosts file, and what the server itself
# tells of its commands, relays and profiles. A server that can't be reached completes nothing, nor
# does one whose certificate is not known yet: without a terminal, which setsid(1) takes away, nobody
# is asked about it.

# _sprinkle_ask COMMAND KEY: that key's texts or numbers in the objects of the server's reply.
_sprinkle_ask() {
  setsid -w timeout 2 sprinkle -j "${_sprinkle_place[@]}" "$1" </dev/null 2>/dev/null |
    sed -nE 's/^(.*[,{])?"'"$2"'":("([^"]*)"|([0-9]+)).*/\3\4/p'
}

_sprinkle_hosts() {
  local file=${XDG_CONFIG_HOME:-$HOME/.config}/sprinkle/hosts
  [[ -e $file ]] || file=/etc/sprinkle/hosts
  sed -E 's/[[:space:]]*#.*//; s/^[[:space:]]+//; s/[[:space:]].*//; /^$/d' "$file" 2>/dev/null
}

# _sprinkle_split: where to (options and names) into _sprinkle_place, the command's words before the
# cursor into _sprinkle_words.
_sprinkle_split() {
  local i word hosts
  hosts=" s l i $(_sprinkle_hosts | tr '\n' ' ') "
  _sprinkle_place=() _sprinkle_words=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((${#_sprinkle_words[@]} > 0)); then
      _sprinkle_words+=("$word")
    elif [[ $word == -[Hps] || $word == --ca ]]; then
      _sprinkle_place+=("$word" "${COMP_WORDS[++i]}")
    elif [[ $word == -T || $word == --tls ]]; then
      _sprinkle_place+=("$word")
    elif [[ $word == -u ]]; then
      ((i++)) # nobody is asked for a password while a word is completed
    elif [[ $hosts == *" $word "* ]]; then
      _sprinkle_place+=("$word")
    elif [[ $word != -* ]]; then
      _sprinkle_words+=("$word")
    fi
  done
}

# _sprinkle_arguments COMMAND: what its usage, such as "RELAYS [for SPAN]", lets follow.
_sprinkle_arguments() {
  local usage
  usage=$(setsid -w timeout 2 sprinkle -j "${_sprinkle_place[@]}" help "$1" </dev/null 2>/dev/null |
    sed -nE 's/.*"arguments":"([^"]*)".*/\1/p')
  case $usage in *RELAYS*) _sprinkle_ask grs relay && echo all ;; esac
  case $usage in *NAME*) _sprinkle_ask sap name ;; esac
  case $usage in *COMMAND*) _sprinkle_ask help name ;; esac
  grep -owE 'for|off|text|json' <<<"$usage"
  case $1 in
  next | hist | history) echo --chart ;;
  watch) echo --follow ;;
  esac
}

_sprinkle() {
  local _sprinkle_place _sprinkle_words choices
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  case $before in
  -s | --ca) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
  -H) mapfile -t COMPREPLY < <(compgen -A hostname -- "$word") && return ;;
  -p | -u) COMPREPLY=() && return ;;
  esac
  _sprinkle_split
  if ((${#_sprinkle_words[@]} > 0)); then
    choices=$(_sprinkle_arguments "${_sprinkle_words[0]}")
  elif [[ $word == -* ]]; then
    choices='-H -h -j -p -q -s -T -u -V --accept-new --ca'
  else
    choices="top $(_sprinkle_hosts) $(_sprinkle_ask help name) $(_sprinkle_ask help long)"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}

complete -F _sprinkle sprinkle
