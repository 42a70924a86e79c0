// The button that puts a published figure into a text: opens the chooser and inserts the number it gives back.
(() => {
  class FigureSource extends window.draftail.ModalWorkflowSource {
    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.figureChooser,
        urlParams: {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    onChosen(data) {
      super.onChosen({ ...data, title: data.told, prefer_this_title_as_link_text: true });
    }

    filterEntityData(data) {
      return { id: data.id };
    }
  }

  const Figure = (props) =>
    window.React.createElement("span", { className: "w-text-primary", title: props.entityKey }, props.children);

  window.draftail.registerPlugin({ type: "FIGURE", source: FigureSource, decorator: Figure }, "entityTypes");
})();
