/**
 * Definitions of jq that tell elements as a line of text each, at most 25, and
 * whether there are more. Templates for people share them.
 */
export const DESCRIBE_ELEMENTS: string = String.raw`
  def place: (.ancestors // {})
    | [.cloud, .account, .region | .reported // {} | .name // .id // empty]
    | if length > 0 then " (" + join(", ") + ")" else "" end;
  def one: (.reported // .) as $r
    | if ($r | type) != "object" then $r | tojson
      else "\($r.kind // .kind // "element"): "
        + ($r.name // $r.id // .id // ($r | tojson) | tostring) + place
      end;
  def told: [.[0:25][] | one | gsub("[\n\r\t]"; " ") | .[0:200]]
    + (if length > 25 then ["and more"] else [] end);`;
