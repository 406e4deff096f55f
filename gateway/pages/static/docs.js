// Shows the document of the API by Scalar (scalar.js), which is loaded after this file.
const asked = fetch("/docs/document.json");

const settings = {
  // Nothing is asked of anybody else, and nothing is told to anybody.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  persistAuth: false,
  // The document that is shown has more in it than the published one, which the first steps lead to.
  documentDownloadType: "none",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "zone" },
};

addEventListener("DOMContentLoaded", async () => {
  try {
    const answer = await asked;
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const content = await answer.json();
    content.info.description = content.info.description.replaceAll("http://127.0.0.1:8000", location.origin);
    Scalar.createApiReference("#docs", { ...settings, content, onLoaded: () => document.getElementById("waiting")?.remove() });
  } catch (problem) {
    document.getElementById("progress").textContent = `The document cannot be shown: ${problem.message}. Load the page again.`;
  }
});
