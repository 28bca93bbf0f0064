extension BashCompletion {
  /// The functions that are the same whatever the tables hold.
  ///
  /// They use nothing but bash's own: no bash-completion, no other program. Nothing that is typed,
  /// and no name of a file, is ever expanded or evaluated.
  static let ending = #"""
    # Reads a word as far as it is typed: sets plain (without quoting) and quote (the one still open).
    _migration_manager_unquote() {
      local text=$1 character
      plain='' quote=''
      while [[ -n $text ]]; do
        character=${text:0:1}
        text=${text:1}
        if [[ -n $quote && $character == "$quote" ]]; then
          quote=''
        elif [[ -z $quote && ($character == \' || $character == \") ]]; then
          quote=$character
        elif [[ $quote != \' && $character == \\ ]]; then
          plain+=${text:0:1}
          text=${text:1}
        else
          plain+=$character
        fi
      done
    }

    # Offers a word, quoted as what is typed is, less what bash will keep of that.
    _migration_manager_offer() {
      local word=$1 quoted='' character
      case $quote in
        '') printf -v quoted %q "$word" ;;
        \') quoted=${word//"'"/"'\''"} ;;
        *)
          while [[ -n $word ]]; do
            character=${word:0:1}
            word=${word:1}
            [[ $character != [\"\$\`\\] ]] || quoted+=\\
            quoted+=$character
          done
          ;;
      esac
      quoted=$lead$quoted
      COMPREPLY+=("${quoted#"$kept"}")
    }

    # Offers those of the words that go on with what is typed.
    _migration_manager_words() {
      local word
      for word; do
        [[ $word != "$plain"* ]] || _migration_manager_offer "$word"
      done
    }

    # Offers folders (-d) or files (-f); readline quotes them.
    _migration_manager_paths() {
      local folder folders=()
      compopt -o filenames 2>/dev/null
      mapfile -t folders < <(compgen "$1" -- "$plain")
      for folder in "${folders[@]}"; do
        folder=$lead$folder
        COMPREPLY+=("${folder#"$kept"}")
      done
    }

    # Offers the environments of the configuration file.
    _migration_manager_environments() {
      local environments=()
      mapfile -t environments < <(
        command migration-manager completions environments ${file:+"--config=$file"} \
          </dev/null 2>/dev/null
      )
      _migration_manager_words "${environments[@]}"
    }

    # Offers the names of migrations that are not given yet: those that go on with what is typed, else
    # those that have it in them.
    _migration_manager_names() {
      local name given=$'\n' names=() inner=()
      for name in "${arguments[@]}"; do given+=$name$'\n'; done
      mapfile -t names < <(
        command migration-manager completions names ${folder:+"--dir=$folder"} \
          ${file:+"--config=$file"} ${environment:+"--env=$environment"} </dev/null 2>/dev/null
      )
      for name in "${names[@]}"; do
        [[ $given != *$'\n'"$name"$'\n'* ]] || continue
        if [[ $name == "$plain"* ]]; then
          _migration_manager_offer "$name"
        elif [[ $name == *"$plain"* ]]; then
          inner+=("$name")
        fi
      done
      # A single one takes the place of what is typed. Several are listed when TAB is pressed again
      # (COMP_TYPE 63) or gone through (37), no more: bash would put what they begin with alike there.
      ((${#COMPREPLY[@]} == 0)) && [[ $lead == "$kept"* ]] || return 0
      ((${#inner[@]} == 1 || ${COMP_TYPE:-63} == 63 || ${COMP_TYPE:-63} == 37)) || return 0
      for name in "${inner[@]}"; do _migration_manager_offer "$name"; done
    }

    _migration_manager_argument() {
      case $argument in
        words\ *)
          local IFS=' '
          # shellcheck disable=SC2086 # words of the table
          _migration_manager_words ${argument#words }
          ;;
        command) _migration_manager_words "${_migration_manager_commands[@]}" ;;
        migration) _migration_manager_names ;;
        folder) _migration_manager_paths -d ;;
        file) _migration_manager_paths -f ;;
        environment) _migration_manager_environments ;;
      esac
    }

    _migration_manager() {
      local IFS=$' \t\n' line=${COMP_LINE-${COMP_WORDS[*]}} index word blanks words=()
      local current option='' command='' folder='' file='' environment='' ended='' arguments=()
      local plain quote lead='' kept='' own=() argument='' repeated=''
      COMPREPLY=()

      # The words up to the cursor; bash takes them apart at = and :, too.
      line=${line:0:${COMP_POINT:-${#line}}}
      for ((index = 0; index <= COMP_CWORD; index++)); do
        blanks=${line%%[! $'\t']*}
        line=${line#"$blanks"}
        word=${COMP_WORDS[index]-}
        ((index < COMP_CWORD)) || word=$line
        line=${line#"$word"}
        if ((index > 0)) && [[ -z $blanks && -n $word ]]; then
          words[-1]+=$word
        else
          words+=("$word")
        fi
      done
      ((${#words[@]} > 1)) || return 0
      current=${words[-1]}

      # What stands before the one at the cursor.
      for word in "${words[@]:1:${#words[@]}-2}"; do
        _migration_manager_unquote "$word"
        [[ $word != \~/* ]] || plain=$HOME/${plain#\~/}
        if [[ -n $option ]]; then
          [[ $option != --dir ]] || folder=$plain
          [[ $option != --config ]] || file=$plain
          [[ $option != --env ]] || environment=$plain
          option=''
        elif [[ -z $ended && $word == -- ]]; then
          ended=yes
        elif [[ -z $ended && $word == --*=* ]]; then
          [[ $word != --dir=* ]] || folder=${plain#*=}
          [[ $word != --config=* ]] || file=${plain#*=}
          [[ $word != --env=* ]] || environment=${plain#*=}
        elif [[ -z $ended && $word == --* ]]; then
          [[ " ${_migration_manager_valued[*]} " != *" $word "* ]] || option=$word
        elif [[ -z $ended && $word == -?* ]]; then
          :
        elif [[ -z $command ]]; then
          command=$plain
        else
          arguments+=("${plain%.sql}")
        fi
      done

      # What of the word stays (lead: an option with its =), and what of that bash itself will keep.
      word=$current
      if [[ -z $option && -z $ended && $current == --*=* ]]; then
        option=${current%%=*}
        lead=$option=
        current=${current#*=}
      fi
      _migration_manager_unquote "$current"
      if [[ -n $quote ]]; then
        lead=''
      else
        kept=$word
        [[ ${COMP_WORDBREAKS-=:} != *=* ]] || word=${word##*=}
        [[ ${COMP_WORDBREAKS-=:} != *:* ]] || word=${word##*:}
        kept=${kept%"$word"}
      fi

      _migration_manager_command "$command"
      if [[ -n $option ]]; then
        argument=''
        _migration_manager_value "$option"
        arguments=()
        _migration_manager_argument
      elif [[ -z $ended && $current == -* ]]; then
        _migration_manager_words "${own[@]}" "${_migration_manager_everywhere[@]}"
      elif [[ -z $command ]]; then
        _migration_manager_words "${_migration_manager_commands[@]}"
      elif [[ -n $argument ]] && { [[ -n $repeated ]] || ((${#arguments[@]} == 0)); }; then
        _migration_manager_argument
      elif [[ -z $ended ]]; then
        _migration_manager_words "${own[@]}"
      fi
    }

    complete -o nosort -F _migration_manager migration-manager

    """#
}
