/**
 * Definitions of jq that tell elements as a line of text each, at most 25, and
 * how many more there are at least. Templates for people share them.
 */
export const DESCRIBE_ELEMENTS: string = String
  .raw`def one: (.reported // .) as $r | (.ancestors // {}) as $a | if ($r | type) == "object" then "\($r.kind // .kind // "element"): \($r.name // $r.id // .id // ($r | tojson | .[0:100]))" + ([$a.cloud, $a.account, $a.region | .reported // {} | .name // .id // empty] | if length > 0 then " (" + join(", ") + ")" else "" end) else $r | tojson | .[0:100] end; def told: [.[0:25][] | one | gsub("[\n\r\t]"; " ") | .[0:200]] + (if length > 25 then ["and more"] else [] end);`;
