# Prints what zsh proposes behind a line, each on a line of its own: zsh -f proposals.zsh SCRIPT LINE. A shell that thinks it has a terminal
# reads the completion script, is given the line and a tab, and tells what is added to its completions.
# Matches that go into arrays (-O, -A, -D) are not proposed yet.
zmodload zsh/zpty
zpty shell zsh -f -i
for line in \
  "PROMPT=''; unsetopt zle_bracketed_paste; setopt no_beep; zstyle ':completion:*' insert-tab false; bindkey '^I' complete-word" \
  'autoload -Uz compinit && compinit -u -D' \
  "source ${(q)1}" \
  'compadd() {
    if [[ " ${(j: :)@[1,(i)--]} " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return; fi
    local -a proposed; builtin compadd -A proposed "$@"; print -rl -- "<<"${^proposed}">>"; builtin compadd "$@"
  }' \
  'ended() { print -r -- "<<END>>" }; comppostfuncs=(ended)' \
  'print -r READY-$((1 + 1))'
do zpty -w shell "$line"; done
while zpty -r shell text; do [[ $text == *READY-2* ]] && break; done
zpty -w -n shell "$2"$'\t'
while zpty -r shell text; do
  [[ $text == *'<<END>>'* ]] && break
  [[ $text == *'<<'*'>>'* ]] && print -r -- "${${text%%>>*}##*<<}"
done
zpty -d shell
