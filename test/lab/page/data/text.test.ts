import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linkAddress } from "../../../../lab/page/data/links.ts";
import { markdown } from "../../../../lab/page/data/markdown.ts";

describe("markdown", () => {
  it("becomes HTML", () => {
    assert.equal(markdown("**a** `b`"), "<p><strong>a</strong> <code>b</code></p>\n");
    assert.equal(markdown("[a](/d/b)"), '<p><a href="/d/b">a</a></p>\n');
  });

  it("cannot contain HTML, scripts or images", () => {
    assert.equal(markdown("a <b onclick=x>b</b>"), "<p>a &#60;b onclick=x&#62;b&#60;/b&#62;</p>\n");
    assert.equal(markdown("<script>x</script>"), "&#60;script&#62;x&#60;/script&#62;");
    assert.equal(markdown("[a](javascript:x)"), "<p>a</p>\n");
    assert.equal(markdown("![a](http://b/c.png)"), "<p>a</p>\n");
    assert.equal(markdown('[a](/b"onclick="x)'), '<p><a href="/b&#34;onclick=&#34;x">a</a></p>\n');
  });
});

it("fills links with the time range, the selected values, and the clicked item", () => {
  const url =
    "/d/u?${__url_time_range}&${datasource:queryparam}&var-a=${__value.raw}&var-b=${__field.labels.b}&c=${__data.fields.C}&${other}";
  const chosen = (name: string) => (name === "datasource" ? ["p 1", "q"] : []);
  assert.equal(
    linkAddress(url, {
      ...{ timeRange: "from=now-1h", chosen },
      ...{ value: "x&y", labels: { b: "z" }, fields: { C: "1" } },
    }),
    "/d/u?from=now-1h&var-datasource=p%201&var-datasource=q&var-a=x%26y&var-b=z&c=1&${other}",
  );
});
