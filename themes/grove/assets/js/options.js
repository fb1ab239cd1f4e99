/* Price, stock and picture follow the chosen options; the server decides all the same. */
for (const form of document.querySelectorAll("form[data-options]")) {
  const product = form.closest("[data-product]");
  const store = product.querySelector("template[data-variants]");
  if (!store) continue;
  const variants = [...store.content.children].map((node) => ({
    values: JSON.parse(node.dataset.values),
    id: node.dataset.id,
    out: node.dataset.out === "yes",
    sha: node.dataset.sha,
    price: node.querySelector("[data-part=price]").innerHTML,
    stock: node.querySelector("[data-part=stock]").innerHTML,
  }));
  const groups = [...form.querySelectorAll("fieldset.option")];
  const add = form.querySelector("[data-add]");
  const chosen = () => groups.map((group) => (group.querySelector("input:checked") || {}).value);
  const find = (values) =>
    variants.find((one) => one.values.every((value, at) => value === values[at]));
  const update = () => {
    const values = chosen();
    const variant = find(values);
    groups.forEach((group, at) => {
      for (const input of group.querySelectorAll("input")) {
        const other = find(values.map((value, place) => (place === at ? input.value : value)));
        input.closest(".choice").classList.toggle("gone", !other || other.out);
      }
    });
    if (add) {
      add.disabled = !variant || variant.out;
      add.textContent = variant && !variant.out ? add.dataset.label : add.dataset.out;
    }
    if (!variant) return;
    product.querySelector("[data-price]").innerHTML = variant.price;
    product.querySelector("[data-stock]").innerHTML = variant.stock;
    product.querySelector("[data-sku-line]")?.remove();
    if (variant.sha) {
      const event = new CustomEvent("picture:show", { detail: variant.sha });
      product.querySelector("[data-gallery]").dispatchEvent(event);
    }
    const address = new URL(location.href);
    address.searchParams.set("variant", variant.id);
    history.replaceState(null, "", address);
  };
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") update();
  });
}
